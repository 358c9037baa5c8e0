package org.deprovisioner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.SimulatorOptions.App;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The life of tokens under 64 calls at once, and token endpoints that are unwell. */
class EndToEndTokensTest {

    private static final int AT_ONCE = 64;

    @TempDir
    private Path folder;

    @Test
    void aTokenThatEndsInMidRunIsRenewedByOneCallAndNoCallIsLost() throws Exception {
        Duration life = Duration.ofSeconds(5);
        try (Stage stage = Stage.in(folder, App.REGISTERED.tokenLifetime(life))) {
            stage.set("deprovision.concurrency", String.valueOf(AT_ONCE))
                    .set("deprovision.quota.requests", "100")
                    .set("deprovision.guard.max-per-batch", "1000");
            stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(500)));
            List<ManagedDevice> devices = stage.next(800);
            stage.start();
            stage.submit("long", devices);
            assertThat(stage.settled("long", devices.size())).isEqualTo(Map.of("deprovisioned", 800L));

            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
            List<Instant> acquired = acquired(stage);
            assertThat(acquired).hasSizeGreaterThan(2);
            for (int next = 1; next < acquired.size(); next++) {
                assertThat(Duration.between(acquired.get(next - 1), acquired.get(next)))
                        .as("renewed in the last fifth of its life, whose end is told in whole seconds")
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            }
            assertThat(stage.ledger().pauses().all()).isEmpty();
        }
    }

    @Test
    void resumeBeginsWithANewTokenWhoeverPaused() throws Exception {
        try (Stage stage = Stage.in(folder)) {
            stage.start();
            stage.submit("before", stage.next(1));
            assertThat(stage.settled("before", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            stage.ledger().pauses().pause(Pause.ALL, Pause.EndsBy.RESUME, "user", "Paused by ada.", "resume", "ada");
            stage.submit("after", stage.next(1));
            await("the results that name the pause")
                    .until(() -> Files.exists(stage.data.resolve("results").resolve("after.csv")));
            stage.resume();
            assertThat(stage.settled("after", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            assertThat(acquired(stage)).hasSize(2);
        }
    }

    @Test
    void whereAllCallsAtOnceAreRefusedTheirTokenOneNewOneLetsThemThrough() throws Exception {
        String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}";
        String challenge = "Bearer error=\"insufficient_claims\", claims=\""
                + Base64.getEncoder().encodeToString(claims.getBytes(UTF_8)) + "\"";
        try (Stage stage = Stage.in(folder);
                EntraStandIn entra = new EntraStandIn(stage)) {
            stage.set("deprovision.concurrency", String.valueOf(AT_ONCE))
                    .set("deprovision.authority", entra.authority());
            stage.start();
            refuse(stage, "plain", Effect.error(401, "InvalidAuthenticationToken"));
            assertThat(entra.requests()).hasSize(2);

            refuse(
                    stage,
                    "claims",
                    Effect.error(401, "InvalidAuthenticationToken").headers(Map.of("WWW-Authenticate", challenge)));
            assertThat(entra.requests()).hasSize(3);
            assertThat(entra.requests().get(1)).doesNotContain("1604106651");
            assertThat(entra.requests().get(2)).contains("cp1", "nbf", "1604106651");
        }
    }

    /** The first calls of 64 devices are all under way when they are refused. */
    private static void refuse(Stage stage, String batch, Effect refusal) throws Exception {
        List<ManagedDevice> devices = stage.next(AT_ONCE);
        stage.simulator.fault(Fault.Match.DEPROVISION.times(AT_ONCE), refusal.late(Duration.ofSeconds(3)));
        stage.submit(batch, devices);
        assertThat(stage.settled(batch, AT_ONCE)).isEqualTo(Map.of("deprovisioned", (long) AT_ONCE));
        assertThat(devices).allSatisfy(device -> {
            assertThat(stage.actions(device)).extracting(Call::status).containsExactly(401, 204);
            assertThat(stage.executions(device)).isOne();
        });
        stage.simulator.clearFaults();
    }

    @Test
    void noTroubleOfATokenEndpointIsADeadLetterAndItIsCalledOnceABackoffStep() throws Exception {
        Map<String, RawServer.Script> troubles = new TreeMap<>(Map.of(
                "down", RawServer.always(RawServer.json(503, "{}")),
                "expired",
                        RawServer.always(
                                RawServer.json(
                                        401,
                                        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: It has expired.\"}")),
                "hanging", (request, connection) -> {},
                "portal",
                        RawServer.always(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Hi</p>"),
                "resetting",
                        (request, connection) -> {
                            connection.setSoLinger(true, 0);
                            connection.close();
                        }));
        Map<String, EntraStandIn> entras = new TreeMap<>();
        ListAppender<ILoggingEvent> faults = new ListAppender<>();
        faults.start();
        Logger pump = (Logger) LoggerFactory.getLogger("org.deprovisioner.dispatch.LedgerPump");
        pump.addAppender(faults);
        try (Stage stage = Stage.in(folder)) {
            for (Map.Entry<String, RawServer.Script> trouble : troubles.entrySet()) {
                EntraStandIn entra = new EntraStandIn(stage);
                entra.falls(trouble.getValue());
                entras.put(trouble.getKey(), entra);
                tenant(stage, trouble.getKey(), entra.authority());
            }
            tenant(stage, "well", stage.simulator.authority().toString());
            List<ManagedDevice> all = new ArrayList<>();
            StringBuilder rows = new StringBuilder(Stage.TENANTS_HEADER);
            for (String tenant : stage.configuration().settings().tenants().keySet()) {
                List<ManagedDevice> devices = stage.next(40);
                all.addAll(devices);
                rows.append(Stage.rows(tenant, devices));
            }
            stage.start();
            stage.submit("troubled", rows.toString());

            stage.until("troubled", now -> now.in(OutcomeClass.DONE) == 40);
            await().untilAsserted(() -> assertThat(entras.values())
                    .allSatisfy(entra -> assertThat(entra.asked).hasSizeGreaterThan(1)));
            assertThat(messages(stage))
                    .hasEntrySatisfying("down", message -> assertThat(message).contains("it answered 503"))
                    .hasEntrySatisfying(
                            "expired", message -> assertThat(message).contains("AADSTS7000222"))
                    .hasEntrySatisfying(
                            "hanging", message -> assertThat(message).contains("no answer within"))
                    .hasEntrySatisfying("portal", message -> assertThat(message).contains("is not Entra"))
                    .hasEntrySatisfying(
                            "resetting",
                            message -> assertThat(message).containsAnyOf("reset", "closed", "failed to respond"))
                    .doesNotContainKey("well");
            assertThat(stage.until("troubled", now -> true).in(OutcomeClass.FAILED))
                    .isZero();
            entras.values().forEach(EntraStandIn::recovers);

            assertThat(stage.settled("troubled", all.size())).isEqualTo(Map.of("deprovisioned", (long) all.size()));
            assertThat(all)
                    .allSatisfy(device -> assertThat(stage.actions(device)).hasSize(1));
            assertThat(stage.ledger().pauses().all()).isEmpty();
            assertThat(entras).allSatisfy((tenant, entra) -> growing(entra.asked));
            assertThat(faults.list)
                    .as("a refused token is no fault of the pump's")
                    .isEmpty();
        } finally {
            pump.detachAppender(faults);
            for (EntraStandIn entra : entras.values()) {
                entra.close();
            }
        }
    }

    private static void tenant(Stage stage, String name, String authority) {
        stage.set("deprovision.tenants." + name + ".tenant-id", name + ".example.com")
                .set("deprovision.tenants." + name + ".authority", authority);
    }

    private static Map<String, String> messages(Stage stage) {
        Map<String, String> messages = new TreeMap<>();
        for (Pause pause : stage.ledger().pauses().all()) {
            assertThat(pause.cause()).isEqualTo(pause.scope().equals("expired") ? "token-refused" : "token");
            assertThat(pause.remedy()).isNotEmpty();
            messages.put(pause.scope(), pause.message());
        }
        return messages;
    }

    /** Each call comes a backoff step after the one before, of 1, 2, 4 and then 8 seconds. */
    private static void growing(List<Instant> asked) {
        Duration step = Duration.ofSeconds(1);
        for (int next = 1; next < asked.size(); next++) {
            assertThat(Duration.between(asked.get(next - 1), asked.get(next))).isGreaterThanOrEqualTo(step);
            step = step.multipliedBy(step.compareTo(Duration.ofSeconds(8)) < 0 ? 2 : 1);
        }
    }

    private static List<Instant> acquired(Stage stage) throws IOException {
        return stage.simulator.calls().stream()
                .filter(call -> call.path().endsWith("/token"))
                .map(Call::at)
                .toList();
    }
}
