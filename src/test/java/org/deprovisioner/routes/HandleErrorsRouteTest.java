package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.deprovisioner.dispatch.NotNowException;
import org.deprovisioner.intake.IntakeStoppedException;
import org.deprovisioner.request.UnusableMessageException;
import org.deprovisioner.token.TokenException;
import org.junit.jupiter.api.Test;

/** How routes take what goes wrong, whatever they do: three routes that only fail, a configuration each. */
class HandleErrorsRouteTest extends RouteTest {

    private final Failing failing = new Failing();

    @Override
    void bind(Registry beans) {
        beans.bind("failing", failing);
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() throws Exception {
        RoutesBuilder three = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:usual").bean("failing", "fail");
                from("direct:files").routeConfigurationId("files").bean("failing", "fail");
                from("direct:messages").routeConfigurationId("messages").bean("failing", "fail");
            }
        };
        return Stream.concat(Arrays.stream(super.createRouteBuilders()), Stream.of(three))
                .toArray(RoutesBuilder[]::new);
    }

    private Exchange fail(String route, Exception fault) {
        failing.failWith(fault);
        return template.send(
                "direct:" + route, exchange -> exchange.getMessage().setBody(new Work(false, new File("leavers.csv"))));
    }

    @Test
    void aRequestThatMayNotGoOnNowIsGivenBack() {
        assertThat(fail("usual", fault(NotNowException.class)).getException()).isNull();
        assertThat(steps()).containsExactly("give-back");
    }

    @Test
    void aRequestIsGivenBackWhenTheLedgerCannotBeWrittenBeforeItsCall() {
        assertThat(fail("usual", ledgerDown()).getException()).isNull();
        assertThat(steps()).containsExactly("give-back");
    }

    @Test
    void anAnswerIsKeptUntilTheLedgerCanBeWritten() {
        failing.failWith(ledgerDown());
        failing.failTimes(2);
        Exchange settled =
                template.send("direct:usual", exchange -> exchange.setVariable("call", new Work(true, null)));
        assertThat(settled.getException()).isNull();
        assertThat(failing.taken()).hasSize(3);
        assertThat(steps()).isEmpty();
    }

    @Test
    void withoutATokenTheTenantIsPaused() {
        assertThat(fail("usual", fault(TokenException.class)).getException()).isNull();
        assertThat(steps()).containsExactly("pause-without-token");
    }

    @Test
    void whatNobodyForesawGoesToTheDeadLetterChannel() {
        assertThat(fail("usual", new IllegalStateException()).getException()).isNull();
        assertThat(steps()).containsExactly("keep-unforeseen");
    }

    @Test
    void aMessageIsSetAsideOnlyWhenItCannotBeUnderstood() {
        assertThat(fail("messages", new UnusableMessageException("it is no JSON"))
                        .getException())
                .isNull();
        assertThat(steps()).containsExactly("set-aside", "set-aside-to-json", "set-aside-answer");
    }

    @Test
    void aMessageIsGivenBackToTheBrokerWhileTheLedgerCannotBeWritten() {
        assertThat(fail("messages", ledgerDown()).getException())
                .isInstanceOf(ledgerDown().getClass());
        assertThat(steps()).containsExactly("wait-for-the-ledger");
    }

    @Test
    void whetherAnotherFaultOfAMessageIsTriedAgainTheBeanDecides() {
        assertThat(fail("messages", new IllegalStateException()).getException()).isNull();
        assertThat(steps())
                .containsExactly("give-back-or-set-aside", "set-aside-at-last-to-json", "set-aside-at-last-answer");
    }

    @Test
    void aFileStaysWhateverGoesWrongAndTheNextTryWaitsALittle() {
        assertThat(fail("files", new IllegalStateException("odd")).getException())
                .hasMessage("odd");
        assertThat(steps()).containsExactly("say-why", "wait-a-little");
    }

    @Test
    void aFileStaysWithoutWaitingWhenTheServiceStops() {
        assertThat(fail("files", fault(IntakeStoppedException.class)).getException())
                .isNotNull();
        assertThat(steps()).containsExactly("say-that-it-stops");
    }

    /** What is on its way: a call that was begun or not, or a file. */
    public record Work(boolean begun, File file) {}

    /** Fails always, or so many times. */
    public static final class Failing extends Fake {

        private int times = Integer.MAX_VALUE;

        void failTimes(int times) {
            this.times = times;
        }

        public void fail(Object body) throws Exception {
            if (times-- > 0) {
                take(String.valueOf(body));
            }
            taken().add(String.valueOf(body));
        }
    }
}
