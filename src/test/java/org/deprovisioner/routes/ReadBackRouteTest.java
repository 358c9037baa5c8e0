package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Looks again at the device of each request in doubt. */
class ReadBackRouteTest extends CommonErrorsRouteTest {

    @Override
    String failingStep() {
        return "read-back.look";
    }

    @Override
    Object work() {
        return new Open(1);
    }

    @Test
    void aDeviceIsReadAndAnotherOneWhereItIsGone() {
        assertThat(from()).startsWith("ledger:requests-in-doubt?");
        at("read-back.settle", body -> new Open(((Open) body).more() - 1));
        assertThat(run(new Open(3)).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isEqualTo(3);
        assertThat(steps()).endsWith("read-back.settle");
    }

    @Test
    void whereNothingIsOpenNothingIsAsked() {
        assertThat(run(new Open(0)).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isZero();
    }

    @Test
    void aFaultAfterAnAnswerEndsTheAsking() {
        failAt("read-back.settle", ledgerDown());
        assertThat(run(new Open(3)).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps()).endsWith("read-back.settle", "give-back");
    }

    /** What is asked, so many times more. */
    public record Open(int more) {

        public boolean isOpen() {
            return more > 0;
        }
    }
}
