package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.ledger.Rows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The failure brake, and what ends a pause. */
class TenantMemoryTest extends LedgerFixture {

    private static final String FAILURES = "failure-rate";
    private static final Settlement FAILED =
            new Settlement.Dead(Settlement.Failure.REJECTED_BY_GRAPH, "BadRequest", "no", "");

    private Pauses pauses;
    private TenantMemory memory;

    @BeforeEach
    void remember() {
        pauses = ledger.pauses();
        memory = new TenantMemory(pauses);
    }

    private Optional<Settlement.Paused> fail(int times) {
        Optional<Settlement.Paused> last = Optional.empty();
        for (int i = 0; i < times; i++) {
            last = memory.tooManyFailed(TENANT, FAILED);
        }
        return last;
    }

    private void pause(String scope, Pause.EndsBy kind, String cause) {
        pauses.pause(scope, kind, cause, "Something is wrong.", "Look at it.", "test");
        memory.seePause(TENANT);
    }

    private void pausedByUs(Pause.EndsBy kind, String cause) {
        pause(TENANT, kind, cause);
        memory.paused(TENANT, cause);
        memory.seePause(TENANT);
    }

    @Test
    void theResumeOfItsOwnPauseAcceptsSuchFailures() {
        assertThat(fail(26)).isPresent();
        pausedByUs(Pause.EndsBy.RESUME, FAILURES);
        assertThat(memory.takeEndedPause(TENANT)).isFalse();
        pauses.resume(TENANT, "ada");
        assertThat(memory.takeEndedPause(TENANT)).isTrue();
        assertThat(fail(50)).isEmpty();
    }

    @Test
    void aNetworkFaultThatEndsByItselfAcceptsNone() {
        fail(20);
        pausedByUs(Pause.EndsBy.PROBE, "unavailable");
        pauses.letOneThrough(TENANT, false);
        assertThat(memory.takeEndedPause(TENANT)).isTrue();
        assertThat(fail(6)).isPresent();
    }

    @Test
    void thePauseOfAPersonAcceptsNoneBeItInPlaceOfOurs() {
        assertThat(fail(26)).isPresent();
        pausedByUs(Pause.EndsBy.RESUME, FAILURES);
        pause(TENANT, Pause.EndsBy.RESUME, "user");
        pauses.resume(TENANT, "ada");
        assertThat(memory.takeEndedPause(TENANT)).isTrue();
        assertThat(fail(1)).isPresent();
    }

    @Test
    void aPauseOfAllBesideItDoesNotHideIt() {
        assertThat(fail(26)).isPresent();
        pausedByUs(Pause.EndsBy.RESUME, FAILURES);
        pause(Pause.ALL, Pause.EndsBy.RESUME, "user");
        pauses.resume(TENANT, "ada");
        memory.seePause(TENANT);
        assertThat(memory.takeEndedPause(TENANT)).isFalse();
        pauses.resume(Pause.ALL, "ada");
        assertThat(memory.takeEndedPause(TENANT)).isTrue();
        assertThat(fail(50)).isEmpty();
    }

    @Test
    void aFaultThatDidNotReplaceItDoesNotHideIt() {
        assertThat(fail(26)).isPresent();
        pausedByUs(Pause.EndsBy.RESUME, FAILURES);
        pausedByUs(Pause.EndsBy.PROBE, "unavailable");
        pauses.resume(TENANT, "ada");
        assertThat(memory.takeEndedPause(TENANT)).isTrue();
        assertThat(fail(50)).isEmpty();
    }

    @Test
    void aPauseThatProbesHasNotEnded() {
        makeReady("leavers", Rows.rows(1, 1));
        pausedByUs(Pause.EndsBy.PROBE, "unavailable");
        pauses.letOneThrough(TENANT, false);
        assertThat(pauses.isProbing(TENANT)).isTrue();
        assertThat(memory.takeEndedPause(TENANT)).isFalse();
    }
}
