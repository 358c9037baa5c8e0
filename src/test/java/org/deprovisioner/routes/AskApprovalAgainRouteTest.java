package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lets a request without an approval code of its own ask for one again. */
class AskApprovalAgainRouteTest extends CommonErrorsRouteTest {

    @Override
    String failingStep() {
        return "ask-approval-again.ready";
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void eachRequestWithoutACodeIsMadeReady() {
        assertThat(from()).startsWith("ledger:requests-without-approval-code");
        assertThat(run(work()).getException()).isNull();
        assertThat(steps()).containsExactly("ask-approval-again.ready");
    }
}
