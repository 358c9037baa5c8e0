package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fault that nobody foresaw, at each of the steps of a call, with the real route and a real ledger. */
class KeepUnforeseenTest extends LedgerFixture {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Pace pace = new Pace(Map.of("default", new Pace.Quota(1, 1, Duration.ofMillis(1))), System::nanoTime);
    private Calls calls;
    private boolean wentOn;

    @BeforeEach
    void start() throws Exception {
        ProtectedDevices none = new ProtectedDevices(
                data.resolve("protected-devices.csv"), ledger.protectedLists(), clock, clock::nanoTime);
        Tokens tokens = new Tokens(
                Map.of(), URI.create("https://graph.example"), data, HttpClients.createMinimal(), clock, new Random());
        TenantMemory memory = new TenantMemory(ledger.pauses());
        calls = new Calls(
                "https://graph.example/beta",
                Settings.Mode.SINGLE,
                ledger.claims(),
                ledger.resolutions(),
                ledger.attempts(),
                tokens,
                pace,
                new Brakes(data, none, ledger.pauses(), Optional.empty(), clock),
                memory,
                new Tenants(ledger.pauses(), pace, tokens, memory, clock),
                new Justifications(Optional.empty(), ledger.awaitingApproval()),
                Optional.empty(),
                clock,
                clock::nanoTime,
                () -> Instant.EPOCH);
        camel.getRegistry().bind("calls", calls);
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(PluginHelper.getResourceLoader(camel)
                        .resolveResource("file:routes/keep-unforeseen.camel.yaml"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(deadLetterChannel("direct:keep-unforeseen"));
                from("direct:before-it-is-a-call").process(exchange -> failUnforeseen());
                from("direct:after-the-permit")
                        .bean(calls, "action")
                        .bean(calls, "awaitPermit")
                        .process(exchange -> failUnforeseen());
                from("direct:under-way")
                        .bean(calls, "action")
                        .bean(calls, "awaitPermit")
                        .bean(calls, "begin")
                        .setVariable("call", body())
                        .setBody(constant("{}"))
                        .process(exchange -> failUnforeseen());
                from("direct:an-error-under-way")
                        .bean(calls, "action")
                        .bean(calls, "awaitPermit")
                        .bean(calls, "begin")
                        .bean(new Broken(), "settle")
                        .process(exchange -> wentOn = true);
                from("direct:after-a-look")
                        .bean(calls, "action")
                        .setVariable("call", method(calls, "lookAgain"))
                        .bean(calls, "awaitPermit")
                        .process(exchange -> failUnforeseen());
            }
        });
        camel.start();
        makeReady("leavers", Rows.rows(1, 1));
    }

    /** A step that fails by an error, which is no exception. */
    public static final class Broken {
        public void settle(Call call) {
            if (call.begun()) {
                throw new StackOverflowError("nobody foresaw this");
            }
        }
    }

    @AfterEach
    void stop() {
        camel.stop();
        pace.stop();
    }

    private static void failUnforeseen() {
        throw new IllegalStateException("nobody foresaw this");
    }

    private void send(String where) {
        camel.createFluentProducerTemplate().to(where).withBody(leaseOne()).send();
    }

    private void assertThatTheRequestIsReadyAgainInAMinute() {
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        assertThat(leaseOne().device()).isPresent();
    }

    @Test
    void beforeItIsACallTheRequestIsTriedAgainLater() {
        send("direct:before-it-is-a-call");
        assertThatTheRequestIsReadyAgainInAMinute();
    }

    @Test
    void betweenPermitAndCallThePlaceInTheWindowIsFreeAgainAndTheRequestIsTriedAgainLater() throws Exception {
        send("direct:after-the-permit");
        pace.awaitWrites(TENANT, 1).unused();
        assertThatTheRequestIsReadyAgainInAMinute();
    }

    @Test
    void afterALookItIsTheActionsPlaceAndRequestThatAreKept() throws Exception {
        send("direct:after-a-look");
        pace.awaitWrites(TENANT, 1).unused();
        assertThatTheRequestIsReadyAgainInAMinute();
    }

    @Test
    void onceTheCallMayHaveBeenMadeTheRequestIsInDoubt() {
        send("direct:under-way");
        assertThat(standings("leavers")).containsExactly("in_doubt");
    }

    @Test
    void afterAnErrorInAStepTheRouteDoesNotGoOn() {
        send("direct:an-error-under-way");
        assertThat(standings("leavers")).containsExactly("in_doubt");
        assertThat(wentOn).isFalse();
    }
}
