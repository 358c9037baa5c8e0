package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counts a tenant's devices, page after page. */
class CountFleetsRouteTest extends CommonErrorsRouteTest {

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.guard.max-fleet-percent", "5");
    }

    @Override
    String failingStep() {
        return "count-fleets.ask";
    }

    @Override
    Object work() {
        return new Open(1);
    }

    @Test
    void pageAfterPageIsAskedForUntilTheLastOne() {
        assertThat(from()).startsWith("ledger:uncounted-fleets");
        at("count-fleets.settle", body -> new Open(((Open) body).more() - 1));
        assertThat(run(new Open(3)).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isEqualTo(3);
        assertThat(steps()).endsWith("count-fleets.settle");
    }

    @Test
    void whereNothingIsOpenNothingIsAsked() {
        assertThat(run(new Open(0)).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isZero();
    }

    @Test
    void aFaultAfterAnAnswerEndsTheAsking() {
        failAt("count-fleets.settle", ledgerDown());
        assertThat(run(new Open(3)).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps()).endsWith("count-fleets.settle", "give-back");
    }

    @Test
    void whereNoShareOfTheFleetIsALimitTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.guard.max-fleet-percent", "off")).isFalse();
    }

    /** What is asked, so many times more. */
    public record Open(int more) {

        public boolean isOpen() {
            return more > 0;
        }
    }
}
