package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where devices are not looked at, takes the id of each request for its device's. */
class AcceptUnseenRouteTest extends CommonErrorsRouteTest {

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.resolve", "false");
    }

    @Override
    String failingStep() {
        return "accept-unseen.accept";
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void eachReceivedRequestIsAcceptedWithoutALook() {
        assertThat(from()).startsWith("ledger:unresolved-requests?");
        assertThat(run(work()).getException()).isNull();
        assertThat(steps()).containsExactly("accept-unseen.accept");
    }

    @Test
    void whereDevicesAreLookedAtTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.resolve", "true")).isFalse();
    }
}
