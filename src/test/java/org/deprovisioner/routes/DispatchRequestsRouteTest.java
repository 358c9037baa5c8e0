package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Sends each ready request to Graph once. */
class DispatchRequestsRouteTest extends CommonErrorsRouteTest {

    private static final List<String> BEFORE_THE_CALL = List.of(
            "dispatch-requests.lease",
            "dispatch-requests.token",
            "dispatch-requests.permit",
            "dispatch-requests.brakes",
            "dispatch-requests.protected",
            "dispatch-requests.begin");

    private final FakeCalls calls = new FakeCalls();

    @Override
    void bind(Registry beans) {
        beans.bind("calls", calls);
    }

    @Override
    String failingStep() {
        return "dispatch-requests.permit";
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void aRequestIsSentOnceItsAttemptIsRecordedAndThenItsAnswerIsSettled() {
        assertThat(from()).startsWith("ledger:ready-requests?");
        assertThat(run(work()).getException()).isNull();
        assertThat(steps())
                .containsSubsequence(BEFORE_THE_CALL)
                .endsWith("dispatch-requests.begin", "dispatch-requests.call", "dispatch-requests.settle");
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(mock("dispatch-requests.look-again").getReceivedCounter()).isZero();
    }

    @Test
    void aDeviceThatWasSeenTooLongAgoIsLookedAtBeforeTheTokenIsTaken() {
        calls.stale = true;
        run(work());
        assertThat(steps()).containsSubsequence("dispatch-requests.look-again", "dispatch-requests.token");
        assertThat(graph().getReceivedCounter()).isOne();
    }

    @Test
    void whichEverStepBeforeTheCallFailsNothingIsSent() {
        assertThat(BEFORE_THE_CALL).allSatisfy(step -> {
            steps().clear();
            failAt(step, ledgerDown());
            run(work());
            assertThat(steps()).endsWith(step, "give-back");
            at(step, body -> body);
        });
        assertThat(graph().getReceivedCounter()).isZero();
    }

    @Test
    void anAnswerIsSettledUntilTheLedgerCanBeWrittenAndTheCallIsNotMadeAgain() {
        graph().whenAnyExchangeReceived(exchange -> exchange.setVariable("call", new Begun(true)));
        AtomicInteger faults = new AtomicInteger(1);
        at("dispatch-requests.settle", body -> {
            if (faults.getAndDecrement() > 0) {
                throw ledgerDown();
            }
            return body;
        });
        assertThat(run(work()).getException()).isNull();
        assertThat(faults).hasValue(-1);
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps()).doesNotContain("give-back");
    }

    @Test
    void inADryRunOrWhereManyAreSentTogetherTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.dry-run", "true")).isFalse();
        assertThat(isThereWhere("deprovision.mode", "bulk")).isFalse();
        assertThat(isThereWhere("deprovision.mode", "batch")).isFalse();
    }

    /** A call whose attempt is recorded or not. */
    public record Begun(boolean begun) {}

    /** Says of each device whether it was seen too long ago. */
    public static final class FakeCalls extends Fake {

        private boolean stale;

        public boolean isStale(Object request) {
            return stale;
        }
    }
}
