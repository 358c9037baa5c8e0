package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Where devices are not looked at, takes the id of each request for its device's. */
class AcceptUnseenRouteTest extends CommonErrorsRouteTest {

    private final FakeSettlements settlements = new FakeSettlements();

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.resolve", "false");
    }

    @Override
    void bind(Registry beans) {
        beans.bind("settlements", settlements);
    }

    @Override
    void failWith(Exception fault) {
        settlements.failWith(fault);
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void eachReceivedRequestIsAcceptedWithoutALook() {
        assertThat(from()).startsWith("ledger:unresolved-requests?");
        assertThat(run(work()).getException()).isNull();
        assertThat(settlements.taken()).containsExactly(work());
        assertThat(steps()).containsExactly("accept-unseen.accept");
    }

    @Test
    void whereDevicesAreLookedAtTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.resolve", "true")).isFalse();
    }

    /** Settles nothing. */
    public static final class FakeSettlements extends Fake {

        public void acceptUnseen(Object request) throws Exception {
            take(request);
        }
    }
}
