package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Sends ready requests to Graph together. */
class DispatchInGroupsRouteTest extends CommonErrorsRouteTest {

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.mode", "batch");
    }

    @Override
    void bind(Registry beans) {
        beans.bind("calls", new FakeCalls());
    }

    @Override
    String failingStep() {
        return "dispatch-in-groups.permit";
    }

    @Override
    Object work() {
        return List.of("a", "stale b", "c");
    }

    @Test
    @SuppressWarnings("unchecked")
    void manyAreSentInOneCallInTheirOrderOnceTheirAttemptsAreRecorded() throws Exception {
        assertThat(from()).startsWith("ledger:ready-groups?");
        at("dispatch-in-groups.together", body -> String.join(" ", (List<String>) body));
        graph().expectedBodiesReceived("a seen b c");
        mock("dispatch-in-groups.look-again").expectedBodiesReceived("stale b");
        mock("dispatch-in-groups.look-again")
                .whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody("seen b"));
        assertThat(run(work()).getException()).isNull();
        assertThat(steps())
                .endsWith(
                        "dispatch-in-groups.together",
                        "dispatch-in-groups.token",
                        "dispatch-in-groups.permit",
                        "dispatch-in-groups.brakes",
                        "dispatch-in-groups.protected",
                        "dispatch-in-groups.begin",
                        "dispatch-in-groups.call",
                        "dispatch-in-groups.settle");
        graph().assertIsSatisfied();
        mock("dispatch-in-groups.look-again").assertIsSatisfied();
    }

    @Test
    void whereAnAttemptCannotBeRecordedNothingIsSent() {
        failAt("dispatch-in-groups.begin", ledgerDown());
        run(work());
        assertThat(steps()).endsWith("dispatch-in-groups.begin", "give-back");
        assertThat(graph().getReceivedCounter()).isZero();
    }

    @Test
    void inADryRunOrWhereEachIsSentAloneTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.dry-run", "true")).isFalse();
        assertThat(isThereWhere("deprovision.mode", "single")).isFalse();
        assertThat(isThereWhere("deprovision.mode", "bulk")).isTrue();
    }

    /** Says of what begins so that it was seen too long ago. */
    public static final class FakeCalls extends Fake {

        public boolean isStale(Object request) {
            return request.toString().startsWith("stale");
        }
    }
}
