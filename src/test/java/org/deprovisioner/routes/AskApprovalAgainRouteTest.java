package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Lets a request without an approval code of its own ask for one again. */
class AskApprovalAgainRouteTest extends CommonErrorsRouteTest {

    private final FakeParked parked = new FakeParked();

    @Override
    void bind(Registry beans) {
        beans.bind("parked", parked);
    }

    @Override
    void failWith(Exception fault) {
        parked.failWith(fault);
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void eachRequestWithoutACodeIsMadeReady() {
        assertThat(from()).startsWith("ledger:requests-without-approval-code");
        assertThat(run(work()).getException()).isNull();
        assertThat(parked.taken()).containsExactly(work());
        assertThat(steps()).containsExactly("ask-approval-again.ready");
    }

    /** Makes nothing ready. */
    public static final class FakeParked extends Fake {

        public void ready(Object request) throws Exception {
            take(request);
        }
    }
}
