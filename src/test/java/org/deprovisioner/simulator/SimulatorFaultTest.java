package org.deprovisioner.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;
import static org.deprovisioner.simulator.Visitor.REASON;
import static org.deprovisioner.simulator.Visitor.codeAndStatus;
import static org.deprovisioner.simulator.Visitor.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.Fault.Ending;
import org.deprovisioner.simulator.Fault.Match;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorFaultTest {

    @TempDir
    Path folder;

    private Simulator simulator;
    private Visitor visitor;
    private List<ManagedDevice> chromebooks;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(SimulatorOptions.in(folder).limits(SimulatorOptions.Limits.NONE));
        visitor = Visitor.of(simulator);
        chromebooks = simulator
                .population()
                .devices()
                .filter(ManagedDevice::isChromeOs)
                .toList();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void an_error_of_Graph_strikes_as_often_as_ordered_and_nothing_is_executed() throws Exception {
        simulator.fault(
                Match.DEPROVISION.times(2),
                Effect.error(503, "ServiceUnavailable").headers(Map.of("Retry-After", "2.128")));

        for (int time = 0; time < 2; time++) {
            HttpResponse<String> answer = visitor.deprovision(chromebooks.get(0));
            assertThat(codeAndStatus(answer)).containsExactly(entry("503", "ServiceUnavailable"));
            assertThat(answer.headers().firstValue("request-id")).isPresent();
            assertThat(answer.headers().firstValue("Retry-After")).contains("2.128");
        }
        assertThat(executions(0)).isZero();
        assertThat(visitor.deprovision(chromebooks.get(0)).statusCode()).isEqualTo(204);
    }

    @Test
    void a_page_of_a_gateway_may_hide_that_the_call_was_executed() throws Exception {
        simulator.fault(
                Match.DEPROVISION, Effect.page(502, "<h1>Bad Gateway</h1>").afterExecuting());

        HttpResponse<String> answer = visitor.deprovision(chromebooks.get(0));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html");
        assertThat(answer.headers().firstValue("request-id")).isEmpty();
        assertThat(executions(0)).isEqualTo(1);
        assertThat(lastCall()).satisfies(call -> {
            assertThat(call.status()).isEqualTo(502);
            assertThat(call.executed()).isTrue();
        });
    }

    @Test
    void a_fault_strikes_its_device_alone_in_any_form() throws Exception {
        simulator.fault(
                Match.ALL.device(chromebooks.get(1).id().toUpperCase(Locale.ROOT)), Effect.error(423, "Locked"));

        assertThat(visitor.deprovision(chromebooks.get(0)).statusCode()).isEqualTo(204);
        assertThat(visitor.deprovision(chromebooks.get(1)).statusCode()).isEqualTo(423);
        assertThat(visitor.get("/deviceManagement/comanagedDevices/"
                                + chromebooks.get(1).id())
                        .statusCode())
                .isEqualTo(423);
    }

    @Test
    void a_rate_strikes_its_share() throws Exception {
        simulator.fault(Match.DEPROVISION.rate(0.3, 42), Effect.error(500, "InternalServerError"));
        List<Integer> statuses = new ArrayList<>();

        for (ManagedDevice device : chromebooks.subList(0, 200)) {
            statuses.add(visitor.deprovision(device).statusCode());
        }

        assertThat(statuses.stream().filter(status -> status == 500).count()).isBetween(40L, 80L);
    }

    @Test
    void a_reset_is_a_reset_of_the_TCP_connection_before_executing() throws Exception {
        simulator.fault(Match.DEPROVISION, Effect.RESET);

        assertThatThrownBy(this::overPlainSocket)
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(executions(0)).isZero();
        assertThat(lastCall().ending()).isEqualTo(Ending.RESET);
    }

    @Test
    void a_reset_may_come_after_executing() throws Exception {
        simulator.fault(Match.DEPROVISION, Effect.RESET.afterExecuting());

        assertThatThrownBy(this::overPlainSocket).isInstanceOf(SocketException.class);
        assertThat(executions(0)).isEqualTo(1);
        assertThat(lastCall().executions()).isEqualTo(1);
    }

    @Test
    void a_call_may_hang_after_executing() throws Exception {
        simulator.fault(Match.DEPROVISION, Effect.HANG.afterExecuting());

        CompletableFuture<HttpResponse<String>> answer = visitor.client()
                .sendAsync(
                        visitor.to("/deviceManagement/managedDevices/"
                                        + chromebooks.get(0).id() + "/deprovision")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(REASON))
                                .build(),
                        BodyHandlers.ofString());

        await().until(() -> executions(0) == 1);
        await().until(() -> lastCall().ending() == Ending.HANG);
        assertThat(answer).isNotDone();
    }

    @Test
    void an_answer_may_be_late() throws Exception {
        simulator.fault(Match.DEPROVISION, Effect.delay(Duration.ofMillis(300)));
        Instant before = Instant.now();

        assertThat(visitor.deprovision(chromebooks.get(0)).statusCode()).isEqualTo(204);
        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void a_redirect_leads_elsewhere() throws Exception {
        simulator.fault(Match.DEPROVISION, Effect.redirect(URI.create("https://elsewhere.example/x")));

        HttpResponse<String> answer = visitor.deprovision(chromebooks.get(0));

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("Location")).contains("https://elsewhere.example/x");
    }

    @Test
    void the_token_endpoint_may_be_down_while_Graph_works() throws Exception {
        simulator.fault(Match.TOKEN, Effect.page(503, "down"));

        assertThat(visitor.signIn("a", "b", "c").statusCode()).isEqualTo(503);
        assertThat(visitor.deprovision(chromebooks.get(0)).statusCode()).isEqualTo(204);
    }

    @Test
    void faults_inside_a_bulk_action_strike_devices_by_their_ids() throws Exception {
        simulator.fault(Match.ALL.device(chromebooks.get(0).id()), Effect.error(500, "InternalServerError"));
        simulator.fault(Match.ALL.device(chromebooks.get(1).id()), Effect.HANG.afterExecuting());
        List<String> ids =
                chromebooks.subList(0, 3).stream().map(ManagedDevice::id).toList();

        JsonNode value = json(visitor.post(
                        "/deviceManagement/managedDevices/executeAction",
                        WireJson.write(
                                Map.of("actionName", "deprovision", "deviceIds", ids, "deprovisionReason", "a"))))
                .path("value");

        assertThat(value.path("failedDeviceIds")).extracting(JsonNode::asText).containsExactly(ids.get(0));
        assertThat(value.path("successfulDeviceIds"))
                .extracting(JsonNode::asText)
                .containsExactly(ids.get(2));
        assertThat(executions(1)).isEqualTo(1);
    }

    @Test
    void faults_are_ordered_and_taken_back_as_JSON() throws Exception {
        HttpResponse<String> ordered = visitor.desk("POST", "/faults", """
                {"match": {"path": "/deprovision$", "times": 5},
                 "effect": {"status": 502, "execute": true, "delay": "PT0.01S", "body": "oops"}}""");

        assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(204);
        assertThat(visitor.deprovision(chromebooks.get(0)).body()).isEqualTo("oops");
        assertThat(executions(0)).isEqualTo(1);
        assertThat(json(visitor.desk("GET", "/faults", ""))
                        .at("/0/effect/status")
                        .asInt())
                .isEqualTo(502);

        visitor.desk("DELETE", "/faults", "");

        assertThat(visitor.deprovision(chromebooks.get(0)).statusCode()).isEqualTo(204);
    }

    @Test
    void a_fault_that_makes_no_sense_is_refused_with_the_reason() throws Exception {
        for (String fault : List.of(
                "{\"effect\":{\"status\":99}}",
                "{\"match\":{\"path\":\"(\"}}",
                "{\"match\":{\"rate\":2}}",
                "{\"effect\":{\"ending\":\"bang\"}}",
                "{\"effect\":{\"delay\":\"5s\"}}",
                "{\"colour\":1}")) {
            HttpResponse<String> answer = visitor.desk("POST", "/faults", fault);
            assertThat(answer.statusCode()).as(fault).isEqualTo(400);
            assertThat(json(answer).path("error").asText()).isNotBlank();
        }
    }

    @Test
    void a_second_simulator_on_the_port_of_the_first_leaves_its_certificate_alone() throws Exception {
        SimulatorOptions samePort =
                SimulatorOptions.in(folder).port(simulator.graphBaseUrl().getPort());
        String before = Files.readString(simulator.caFile());

        assertThatThrownBy(() -> Simulator.start(samePort)).isInstanceOf(IOException.class);
        assertThat(simulator.caFile()).hasContent(before);
    }

    private String overPlainSocket() throws Exception {
        URI base = simulator.graphBaseUrl();
        try (SSLSocket socket = (SSLSocket)
                Visitor.trusting(simulator.caFile()).getSocketFactory().createSocket(base.getHost(), base.getPort())) {
            socket.getOutputStream()
                    .write(("POST /beta/deviceManagement/managedDevices/"
                                    + chromebooks.get(0).id()
                                    + "/deprovision HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + visitor.token() + "\r\nContent-Type: application/json\r\nContent-Length: "
                                    + REASON.length() + "\r\n\r\n" + REASON)
                            .getBytes(StandardCharsets.UTF_8));
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Call lastCall() {
        List<Call> calls = simulator.calls();
        return calls.get(calls.size() - 1);
    }

    private int executions(int chromebook) {
        return simulator
                .population()
                .executions(chromebooks.get(chromebook).id())
                .size();
    }
}
