package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads the devices of received requests from Graph. */
class ResolveDevicesRouteTest extends CommonErrorsRouteTest {

    @Override
    String failingStep() {
        return "resolve-devices.looks";
    }

    @Override
    Object work() {
        return List.of("a look", "another look");
    }

    @Test
    void looksAreMadeTogetherUntilEachIsSettled() {
        assertThat(from()).startsWith("ledger:unresolved-groups?");
        at("resolve-devices.together", body -> ((List<?>) body).size());
        at("resolve-devices.settle", body -> Collections.nCopies((Integer) body - 1, "a look"));
        assertThat(run(work()).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isEqualTo(2);
        assertThat(steps()).endsWith("resolve-devices.settle");
    }

    @Test
    void aFaultAfterAnAnswerEndsTheLooking() {
        failAt("resolve-devices.settle", ledgerDown());
        assertThat(run(work()).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps()).endsWith("resolve-devices.settle", "give-back");
    }

    @Test
    void whereDevicesAreNotLookedAtTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.resolve", "false")).isFalse();
    }
}
