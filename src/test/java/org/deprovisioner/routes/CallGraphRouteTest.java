package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Makes one call of Graph, and keeps the answer whatever it is. */
class CallGraphRouteTest extends RouteTest {

    @Override
    boolean isFakedStepByStep() {
        return true;
    }

    @Override
    void bind(Registry beans) {}

    @Test
    void theDocumentedMessageIsSentAndItsAnswerKept() throws Exception {
        assertThat(from()).isEqualTo("direct:call-graph");
        at("call-graph.documented-headers-and-body", body -> "what is sent");
        at("call-graph.keep-answer", body -> "the call and " + body);
        mock("call-graph.graph").expectedBodiesReceived("what is sent");
        mock("call-graph.graph")
                .whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody("204"));
        assertThat(run("a call").getMessage().getBody()).isEqualTo("the call and 204");
        mock("call-graph.graph").assertIsSatisfied();
    }

    @Test
    void whatComesInsteadOfAnAnswerIsKeptAsWell() {
        at("call-graph.keep-what-came", body -> "the call without an answer");
        for (IOException came : new IOException[] {new SocketTimeoutException(), new IOException("reset")}) {
            mock("call-graph.graph").whenAnyExchangeReceived(exchange -> exchange.setException(came));
            assertThat(run("a call").getException()).isNull();
            assertThat(run("a call").getMessage().getBody()).isEqualTo("the call without an answer");
        }
    }

    @Test
    void anAnswerThatBreaksOffWhileItIsReadIsNoAnswer() {
        at("call-graph.read-answer", body -> {
            throw new IOException("cut off");
        });
        run("a call");
        assertThat(steps()).endsWith("call-graph.keep-what-came").doesNotContain("call-graph.keep-answer");
    }

    @Test
    void aFaultThatNobodyForesawIsLeftToTheRouteThatCalled() {
        at("call-graph.documented-headers-and-body", body -> {
            throw new IllegalStateException("nobody foresaw this");
        });
        assertThat(run("a call").getException()).hasMessage("nobody foresaw this");
        assertThat(mock("call-graph.graph").getReceivedCounter()).isZero();
    }
}
