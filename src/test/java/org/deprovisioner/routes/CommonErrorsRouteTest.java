package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/**
 * A route whose errors are those of all: whatever goes wrong at one of its steps, the request that it works on is safe. It
 * is known by the ids of its steps alone.
 */
abstract class CommonErrorsRouteTest extends RouteTest {

    /** A step that may fail. */
    abstract String failingStep();

    /** A piece of work that reaches that step. */
    abstract Object work();

    @Override
    final boolean isFakedStepByStep() {
        return true;
    }

    @Override
    void bind(Registry beans) throws Exception {}

    final void failAt(String step, Exception fault) {
        at(step, body -> {
            throw fault;
        });
        if (step.endsWith(".ask")) {
            graph().whenAnyExchangeReceived(exchange -> exchange.setException(fault));
        }
    }

    private void assertThatItIsHandledBy(String handling, Exception fault) {
        steps().clear();
        failAt(failingStep(), fault);
        assertThat(run(work()).getException()).isNull();
        assertThat(steps()).as(fault.getClass().getName()).endsWith(failingStep(), handling);
    }

    @Test
    void whatMayNotGoOnNowIsGivenBack() {
        assertThat(faultsOf("not-now")).isNotEmpty().allSatisfy(fault -> assertThatItIsHandledBy("give-back", fault));
    }

    @Test
    void withoutATokenTheTenantIsPaused() {
        assertThat(faultsOf("token-refused"))
                .isNotEmpty()
                .allSatisfy(fault -> assertThatItIsHandledBy("pause-without-token", fault));
    }

    @Test
    void whatNobodyForesawIsKept() {
        assertThatItIsHandledBy("keep-unforeseen", new IllegalStateException("nobody foresaw this"));
    }
}
