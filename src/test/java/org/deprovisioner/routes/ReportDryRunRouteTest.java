package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** In a dry run, ends each ready request instead of sending it. */
class ReportDryRunRouteTest extends CommonErrorsRouteTest {

    private final FakeSettlements settlements = new FakeSettlements();

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.dry-run", "true");
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
    void eachReadyRequestEndsAsADryRunAndNothingIsCalled() {
        assertThat(from()).startsWith("ledger:ready-requests?");
        assertThat(run(work()).getException()).isNull();
        assertThat(settlements.taken()).containsExactly(work());
        assertThat(steps()).containsExactly("report-dry-run.end");
    }

    @Test
    void withoutADryRunTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.dry-run", "false")).isFalse();
    }

    /** Settles nothing. */
    public static final class FakeSettlements extends Fake {

        public void endDryRun(Object request) throws Exception {
            take(request);
        }
    }
}
