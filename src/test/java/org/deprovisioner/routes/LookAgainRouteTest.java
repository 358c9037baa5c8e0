package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Reads a device once more right before its attempt. */
class LookAgainRouteTest extends RouteTest {

    @Override
    boolean isFakedStepByStep() {
        return true;
    }

    @Override
    void bind(Registry beans) {}

    @Test
    void theDeviceIsReadOnceAndComparedAndTheRequestGoesOn() {
        assertThat(from()).isEqualTo("direct:look-again");
        at("look-again.look", body -> "a look for " + body);
        at("look-again.compare", body -> "a request that may go on");
        assertThat(run("a request").getMessage().getBody()).isEqualTo("a request that may go on");
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps()).startsWith("look-again.look").endsWith("look-again.compare");
    }

    @Test
    void aRequestThatMayNotGoOnIsLeftToTheRouteThatSendsIt() {
        Exception notNow = faultsOf("not-now").get(0);
        at("look-again.compare", body -> {
            throw notNow;
        });
        assertThat(run("a request").getException()).isSameAs(notNow);
        assertThat(steps()).endsWith("look-again.compare");
    }
}
