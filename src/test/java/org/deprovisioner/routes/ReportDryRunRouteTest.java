package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** In a dry run, ends each ready request instead of sending it. */
class ReportDryRunRouteTest extends CommonErrorsRouteTest {

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.dry-run", "true");
    }

    @Override
    String failingStep() {
        return "report-dry-run.end";
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void eachReadyRequestEndsAndGraphIsNotAsked() {
        assertThat(from()).startsWith("ledger:ready-requests?");
        assertThat(run(work()).getException()).isNull();
        assertThat(steps()).containsExactly("report-dry-run.end");
    }

    @Test
    void withoutADryRunTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.dry-run", "false")).isFalse();
    }
}
