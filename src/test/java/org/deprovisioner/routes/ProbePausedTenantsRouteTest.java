package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Looks whether the cause of a tenant's pause is gone. */
class ProbePausedTenantsRouteTest extends CommonErrorsRouteTest {

    @Override
    String failingStep() {
        return "probe-paused-tenants.probe";
    }

    @Override
    Object work() {
        return "a pause";
    }

    @Test
    void aPausedTenantIsAskedOnceThoughItsBrakesAreOn() {
        assertThat(from()).startsWith("ledger:paused-tenants");
        assertThat(run(work()).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps())
                .startsWith("probe-paused-tenants.probe")
                .endsWith("probe-paused-tenants.settle")
                .noneMatch(step -> step.endsWith("brakes"));
    }

    @Test
    void whatItMadeOfTheAnswerComesAgainWhereTheLedgerCannotTakeIt() {
        failAt("probe-paused-tenants.settle", ledgerDown());
        assertThat(run(work()).getException()).isNull();
        assertThat(steps()).endsWith("probe-paused-tenants.settle", "give-back");
    }
}
