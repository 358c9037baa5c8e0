package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Asks Graph one thing, with the tenant's token, at its pace, and past the brakes. */
class AskGraphRouteTest extends RouteTest {

    private static final List<String> BEFORE_THE_CALL =
            List.of("ask-graph.token", "ask-graph.permit", "ask-graph.brakes");

    @Override
    boolean isFakedStepByStep() {
        return true;
    }

    @Override
    void bind(Registry beans) {}

    @Test
    void graphIsAskedOnceBehindTokenPermitAndBrakes() {
        assertThat(from()).isEqualTo("direct:ask-graph");
        assertThat(run("a look").getException()).isNull();
        assertThat(steps())
                .containsExactly("ask-graph.token", "ask-graph.permit", "ask-graph.brakes", "ask-graph.call");
        assertThat(graph().getReceivedCounter()).isOne();
    }

    @Test
    void whatFailsBeforeTheCallIsLeftToTheRouteThatAsksAndNothingIsAsked() {
        assertThat(BEFORE_THE_CALL).allSatisfy(step -> {
            Exception fault = faultsOf("not-now").get(0);
            at(step, body -> {
                throw fault;
            });
            assertThat(run("a look").getException()).isSameAs(fault);
            at(step, body -> body);
        });
        assertThat(graph().getReceivedCounter()).isZero();
    }
}
