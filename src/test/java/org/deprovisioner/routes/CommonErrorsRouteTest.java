package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.deprovisioner.dispatch.NotNowException;
import org.deprovisioner.ledger.LedgerException;
import org.deprovisioner.token.TokenException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** A route whose errors are those of all: whatever goes wrong, the request that it works on is safe. */
abstract class CommonErrorsRouteTest extends RouteTest {

    /** Lets a step of the route fail when it is reached. */
    abstract void failWith(Exception fault);

    /** A piece of work that reaches that step. */
    abstract Object work();

    private void assertThatItIsHandledBy(String step) {
        Exchange exchange = run(work());
        assertThat(exchange.getException()).isNull();
        assertThat(steps()).endsWith(step);
    }

    @ParameterizedTest
    @ValueSource(classes = {NotNowException.class, LedgerException.class, CannotGetJdbcConnectionException.class})
    void whatMayNotGoOnNowIsGivenBack(Class<? extends Exception> type) {
        failWith(fault(type));
        assertThatItIsHandledBy("give-back");
    }

    @Test
    void withoutATokenTheTenantIsPaused() {
        failWith(fault(TokenException.class));
        assertThatItIsHandledBy("pause-without-token");
    }

    @Test
    void whatNobodyForesawIsKept() {
        failWith(new IllegalStateException("nobody foresaw this"));
        assertThatItIsHandledBy("keep-unforeseen");
    }
}
