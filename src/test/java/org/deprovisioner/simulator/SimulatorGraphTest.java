package org.deprovisioner.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.deprovisioner.simulator.Visitor.REASON;
import static org.deprovisioner.simulator.Visitor.code;
import static org.deprovisioner.simulator.Visitor.codeAndStatus;
import static org.deprovisioner.simulator.Visitor.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.deprovisioner.simulator.SimulatorOptions.App;
import org.deprovisioner.simulator.SimulatorOptions.End;
import org.deprovisioner.simulator.SimulatorOptions.Limits;
import org.deprovisioner.simulator.SimulatorOptions.RetryAfter;
import org.deprovisioner.simulator.SimulatorOptions.Showing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorGraphTest {

    private static final String GUID = "11111111-2222-4333-8444-555555555555";

    @TempDir
    Path folder;

    private Simulator simulator;
    private Visitor visitor;
    private ManagedDevice chromebook;

    @BeforeEach
    void start() throws Exception {
        start(SimulatorOptions.in(folder));
    }

    private void start(SimulatorOptions options) throws Exception {
        stop();
        simulator = Simulator.start(options);
        visitor = Visitor.of(simulator);
        chromebook = simulator
                .population()
                .devices()
                .filter(ManagedDevice::isChromeOs)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }

    @Test
    void a_deprovision_is_answered_204_with_the_headers_that_support_asks_for() throws Exception {
        String clientRequestId = UUID.randomUUID().toString();

        HttpResponse<String> answer = visitor.send(visitor.to(path(chromebook) + "/deprovision")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("client-request-id", clientRequestId)
                .POST(BodyPublishers.ofString(REASON)));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("client-request-id")).contains(clientRequestId);
        assertThat(answer.headers().firstValue("request-id")).isPresent();
        assertThat(answer.headers().firstValue("Date")).isPresent();
    }

    @Test
    void the_action_shows_in_the_device_and_not_in_a_list() throws Exception {
        visitor.deprovision(chromebook);

        JsonNode action = json(visitor.get(path(chromebook))).at("/deviceActionResults/0");
        JsonNode listed = json(list("serialNumber eq '" + chromebook.serialNumber() + "'"))
                .at("/value/0");

        assertThat(action.path("actionName").asText()).isEqualTo("deprovision");
        assertThat(action.path("actionState").asText()).isEqualTo("pending");
        assertThat(Duration.between(Instant.parse(action.path("startDateTime").asText()), Instant.now()))
                .isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(listed.path("deviceActionResults")).isEmpty();
    }

    @Test
    void an_action_may_show_late_and_be_done_soon() throws Exception {
        start(SimulatorOptions.in(folder).showing(new Showing(Duration.ofHours(1), Duration.ofHours(2), End.DONE)));
        visitor.deprovision(chromebook);
        assertThat(json(visitor.get(path(chromebook))).path("deviceActionResults"))
                .isEmpty();

        start(SimulatorOptions.in(folder).showing(Showing.ending(End.DONE, Duration.ZERO)));
        visitor.deprovision(chromebook);
        assertThat(json(visitor.get(path(chromebook)))
                        .at("/deviceActionResults/0/actionState")
                        .asText())
                .isEqualTo("done");
    }

    @Test
    void how_an_action_shows_and_ends_can_be_said_of_one_device_or_all_at_any_time() throws Exception {
        visitor.desk("POST", "/showing", "{\"after\": \"PT1H\"}");
        visitor.deprovision(chromebook);
        assertThat(json(visitor.get(path(chromebook))).path("deviceActionResults"))
                .isEmpty();

        String own = "/devices/" + chromebook.id().toUpperCase(Locale.ROOT) + "/showing";
        visitor.desk("POST", own, "{\"done\": \"PT0S\", \"end\": \"failed\"}");
        assertThat(json(visitor.get(path(chromebook)))
                        .at("/deviceActionResults/0/actionState")
                        .asText())
                .isEqualTo("failed");
        visitor.desk("POST", own, "{\"done\": \"PT0S\", \"end\": \"gone\"}");
        assertThat(visitor.get(path(chromebook)).statusCode()).isEqualTo(404);
    }

    @Test
    void a_second_deprovision_of_a_device_is_executed_and_counted() throws Exception {
        visitor.deprovision(chromebook);
        visitor.deprovision(chromebook);

        assertThat(calls(chromebook)).extracting(Call::executions).containsExactly(1, 2);
        assertThat(json(visitor.desk("GET", "/devices/" + chromebook.id(), "")).path("executions"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deviceManagement/managedDevices/{device}",
                "deviceManagement/comanagedDevices/{device}",
                "deviceManagement/deviceHealthScripts/{guid}/deviceRunStates/{guid}:{device}/managedDevice",
                "deviceManagement/deviceManagementScripts/{guid}/deviceRunStates/{guid}%3A{device}/managedDevice",
                "deviceManagement/deviceComplianceScripts/{guid}/deviceRunStates/{device}/managedDevice",
                "deviceManagement/deviceManagementScripts/{guid}/deviceRunStates/{guid}/managedDevice/users/{guid}/managedDevices/{device}",
                "deviceManagement/deviceManagementScripts/{guid}/deviceRunStates/{guid}/managedDevice/users/a@b.example/managedDevices/{device}",
                "deviceManagement/deviceManagementScripts/{guid}/deviceRunStates/{guid}/managedDevice/detectedApps/{guid}/managedDevices/{device}",
                "users/{guid}/managedDevices/{device}",
                "users/{user}/managedDevices/{device}"
            })
    void each_form_reaches_its_device(String form) throws Exception {
        String path = "/"
                + form.replace("{guid}", GUID)
                        .replace("{device}", chromebook.id())
                        .replace("{user}", chromebook.userPrincipalName());

        assertThat(json(visitor.get(path + "?$select=id")).path("id").asText()).isEqualTo(chromebook.id());
        assertThat(visitor.post(path + "/deprovision", REASON).statusCode()).isEqualTo(204);
        assertThat(simulator.population().executions(chromebook.id())).hasSize(1);
    }

    @Test
    void the_device_of_somebody_else_is_not_found_at_a_user() throws Exception {
        HttpResponse<String> answer =
                visitor.get("/users/somebody.else@school.example/managedDevices/" + chromebook.id());

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "managedDevices/abc",
                "managedDevices/11111111222243338444555555555555",
                "detectedApps/" + GUID,
                "managedDevices/" + GUID + "/wipe",
                "deviceHealthScripts/x/deviceRunStates/" + GUID + "/managedDevice",
                "deviceHealthScripts/" + GUID + "/deviceRunStates/a:b/managedDevice",
                "deviceHealthScripts/" + GUID + "/deviceRunStates/" + GUID + "/managedDevice/users/" + GUID
                        + "/managedDevices/" + GUID,
                "deviceManagementScripts/" + GUID + "/deviceRunStates/" + GUID
                        + "/managedDevice/users/nobody/managedDevices/" + GUID
            })
    void a_path_that_Graph_does_not_have_is_a_bad_request(String path) throws Exception {
        HttpResponse<String> answer = visitor.post("/deviceManagement/" + path + "/deprovision", REASON);

        assertThat(codeAndStatus(answer)).containsExactly(entry("400", "BadRequest"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"deprovisionReason\":1}",
                "{\"deprovisionReason\":null}",
                "{\"deprovisionReason\":\"a\",\"keepUserData\":true}",
                "{\"deprovisionReason\":\"a\"} {}",
                "{\"deprovisionReason\":\"a\",\"deprovisionReason\":\"b\"}",
                "deprovisionReason=a"
            })
    void a_body_other_than_the_reason_alone_is_a_bad_request(String body) throws Exception {
        HttpResponse<String> answer = visitor.post(path(chromebook) + "/deprovision", body);

        assertThat(codeAndStatus(answer)).containsExactly(entry("400", "BadRequest"));
        assertThat(simulator.population().executions(chromebook.id())).isEmpty();
    }

    @Test
    void the_body_must_be_called_JSON() throws Exception {
        String path = path(chromebook) + "/deprovision";

        assertThat(visitor.send(visitor.to(path).POST(BodyPublishers.ofString(REASON)))
                        .statusCode())
                .isEqualTo(400);
        assertThat(visitor.send(visitor.to(path)
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString(REASON)))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void another_method_is_not_allowed() throws Exception {
        assertThat(visitor.get(path(chromebook) + "/deprovision").statusCode()).isEqualTo(405);
        assertThat(visitor.post(path(chromebook), REASON).statusCode()).isEqualTo(405);
    }

    @Test
    void an_unknown_device_is_not_found_and_Intune_says_so_in_JSON_within_JSON() throws Exception {
        HttpResponse<String> answer = visitor.post("/deviceManagement/managedDevices/" + GUID + "/deprovision", REASON);

        assertThat(codeAndStatus(answer)).containsExactly(entry("404", "ResourceNotFound"));
        assertThat(json(answer).at("/error/innerError/request-id").asText())
                .isEqualTo(answer.headers().firstValue("request-id").orElseThrow());
        assertThat(json(answer).at("/error/message").asText()).startsWith("{").contains("Resource not found");
    }

    @Test
    void a_device_that_is_no_Chromebook_is_refused() throws Exception {
        ManagedDevice windows = notChromeOs();

        assertThat(visitor.deprovision(windows).statusCode()).isEqualTo(400);
        assertThat(simulator.population().executions(windows.id())).isEmpty();
    }

    @Test
    void nobody_gets_in_without_a_token_of_ours_for_Graph_that_is_still_good() throws Exception {
        Visitor forged = new Visitor(simulator, visitor.client(), visitor.token() + "x");

        for (Visitor stranger : List.of(forged, visitor.signedInFor("https://management.azure.com"))) {
            HttpResponse<String> answer = stranger.deprovision(chromebook);
            assertThat(codeAndStatus(answer)).containsExactly(entry("401", "InvalidAuthenticationToken"));
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer "));
        }
        start(SimulatorOptions.in(folder).app(App.REGISTERED.tokenLifetime(Duration.ZERO)));
        assertThat(visitor.deprovision(chromebook).statusCode()).isEqualTo(401);
        assertThat(simulator.population().executions(chromebook.id())).isEmpty();
    }

    @Test
    void an_app_without_the_permission_is_forbidden() throws Exception {
        start(SimulatorOptions.in(folder).app(App.REGISTERED.roles(Set.of("User.Read.All"))));

        assertThat(codeAndStatus(visitor.deprovision(chromebook))).containsExactly(entry("403", "Forbidden"));
    }

    @Test
    void a_filter_finds_whole_values_in_any_case() throws Exception {
        JsonNode found = json(list("deviceName eq '" + chromebook.deviceName().toUpperCase(Locale.ROOT) + "'"));

        assertThat(found.path("value")).hasSize(1);
        assertThat(found.at("/value/0/id").asText()).isEqualTo(chromebook.id());
        assertThat(json(list("deviceName eq 'chromebook'")).path("value")).isEmpty();
    }

    @Test
    void a_quote_in_a_filter_is_doubled() throws Exception {
        ManagedDevice odd = named("O'Hara & Söhne + 1%");
        simulator.population().add(odd);

        assertThat(json(list("deviceName eq 'O''Hara & Söhne + 1%'"))
                        .at("/value/0/id")
                        .asText())
                .isEqualTo(odd.id());
        assertThat(list("deviceName eq 'O'Hara'").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model eq 'x'", "deviceName ne 'x'", "deviceName", "contains(deviceName,'x')"})
    void other_filters_are_refused(String filter) throws Exception {
        assertThat(list(filter).statusCode()).isEqualTo(400);
    }

    @Test
    void only_what_is_selected_comes_back() throws Exception {
        JsonNode device = json(visitor.get(path(chromebook) + "?$select=id,azureADDeviceId"));

        assertThat(device.properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("@odata.context", "id", "azureADDeviceId");
        assertThat(visitor.get(path(chromebook) + "?$select=colour").statusCode())
                .isEqualTo(400);
        assertThat(visitor.get(path(chromebook) + "?$expand=users").statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_device_has_the_properties_that_Graph_describes_and_no_others() throws Exception {
        assertThat(json(visitor.get(path(chromebook))).properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(
                        ("@odata.context,id,deviceName,serialNumber,operatingSystem,osVersion,model,userPrincipalName,"
                                        + "azureADDeviceId,managedDeviceOwnerType,managementState,enrolledDateTime,"
                                        + "lastSyncDateTime,deviceActionResults")
                                .split(",", -1));
    }

    @Test
    void a_long_list_comes_in_pages() throws Exception {
        simulator.population().remove(simulator.population().device(7).id());
        List<String> seen = new ArrayList<>();
        String next = "/deviceManagement/managedDevices?$top=300&$select=id";
        while (!next.isEmpty()) {
            JsonNode page = json(visitor.get(next));
            page.path("value").forEach(device -> seen.add(device.path("id").asText()));
            next = page.path("@odata.nextLink")
                    .asText()
                    .replace(simulator.graphBaseUrl().toString(), "");
        }

        assertThat(seen).hasSize(999).doesNotHaveDuplicates();
    }

    @Test
    void a_bulk_action_tells_for_each_device_what_became_of_it() throws Exception {
        ManagedDevice windows = notChromeOs();

        JsonNode value = json(visitor.post(
                        "/deviceManagement/managedDevices/executeAction",
                        WireJson.write(Map.of(
                                "actionName", "deprovision",
                                "deviceIds", List.of(chromebook.id(), windows.id(), GUID),
                                "deprovisionReason", "retiring_device"))))
                .path("value");

        assertThat(value.path("successfulDeviceIds"))
                .extracting(JsonNode::asText)
                .containsExactly(chromebook.id());
        assertThat(value.path("notSupportedDeviceIds"))
                .extracting(JsonNode::asText)
                .containsExactly(windows.id());
        assertThat(value.path("notFoundDeviceIds")).extracting(JsonNode::asText).containsExactly(GUID);
        assertThat(value.path("failedDeviceIds")).isEmpty();
        assertThat(calls(chromebook)).singleElement().satisfies(call -> {
            assertThat(call.via()).isEqualTo("executeAction");
            assertThat(call.executed()).isTrue();
        });
    }

    @Test
    void a_bulk_action_takes_a_hundred_devices_at_most() throws Exception {
        List<String> ids =
                simulator.population().page(0, 101).map(ManagedDevice::id).toList();

        HttpResponse<String> answer = visitor.post(
                "/deviceManagement/comanagedDevices/executeAction",
                WireJson.write(Map.of("actionName", "deprovision", "deviceIds", ids, "deprovisionReason", "a")));

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void the_parts_of_a_batch_are_answered_and_counted_alone() throws Exception {
        start(SimulatorOptions.in(folder).limits(new Limits(2, 0, Duration.ofMinutes(1), RetryAfter.SECONDS)));
        List<Map<String, Object>> requests = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            requests.add(Map.of(
                    "id", String.valueOf(id),
                    "method", "POST",
                    "url", path(chromebook) + "/deprovision",
                    "headers", Map.of("Content-Type", "application/json"),
                    "body", Map.of("deprovisionReason", "a")));
        }
        requests.add(Map.of("id", "read", "method", "GET", "url", path(chromebook) + "?$select=id"));

        HttpResponse<String> answer = visitor.post("/$batch", WireJson.write(Map.of("requests", requests)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("responses"))
                .extracting(part -> part.path("status").asInt())
                .containsExactlyInAnyOrder(204, 204, 429, 429, 200);
        assertThat(json(answer).path("responses"))
                .filteredOn(part -> part.path("status").asInt() == 429)
                .allSatisfy(part ->
                        assertThat(part.at("/headers/Retry-After").asInt()).isBetween(1, 60));
    }

    @Test
    void a_batch_holds_twenty_parts_at_most_each_with_its_own_id() throws Exception {
        Map<String, String> part = Map.of("id", "1", "method", "GET", "url", path(chromebook));

        assertThat(visitor.post("/$batch", WireJson.write(Map.of("requests", List.of(part, part))))
                        .statusCode())
                .isEqualTo(400);
        assertThat(visitor.post("/$batch", WireJson.write(Map.of("requests", Collections.nCopies(21, part))))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECONDS:\\d+", "DECIMALS:\\d+\\.\\d{3}", "HTTP_DATE:\\w{3}, .* GMT", "MISSING:"})
    void beyond_the_quota_calls_are_refused_and_told_when_to_come_again(String style) throws Exception {
        String[] parts = style.split(":", 2);
        start(SimulatorOptions.in(folder)
                .limits(new Limits(1, 1, Duration.ofMinutes(1), RetryAfter.valueOf(parts[0]))));
        visitor.deprovision(chromebook);
        visitor.get(path(chromebook));

        for (HttpResponse<String> answer : List.of(visitor.deprovision(chromebook), visitor.get(path(chromebook)))) {
            assertThat(codeAndStatus(answer)).containsExactly(entry("429", "TooManyRequests"));
            assertThat(answer.headers().firstValue("Retry-After").orElse("")).matches(parts[1]);
        }
        assertThat(simulator.population().executions(chromebook.id())).hasSize(1);
    }

    @Test
    void an_approval_request_is_unknown() throws Exception {
        assertThat(code(visitor.get("/deviceManagement/operationApprovalRequests/" + GUID)))
                .isEqualTo("ResourceNotFound");
    }

    @Test
    void every_call_is_in_the_file_and_no_secret_is() throws Exception {
        visitor.deprovision(chromebook);
        visitor.get(path(chromebook) + "?$select=id");
        simulator.close();

        String lines = Files.readString(simulator.callsFile());

        assertThat(lines.lines()).hasSize(3);
        assertThat(lines)
                .doesNotContain(visitor.token(), simulator.clientSecret())
                .contains("authorization", "retiring_device", "$select=id", "\"executed\":true");
    }

    @Test
    void the_desk_shows_the_calls_as_lines() throws Exception {
        visitor.deprovision(chromebook);

        assertThat(visitor.desk("GET", "/calls", "").body().lines().map(line -> WireJson.read(line, Call.class)))
                .containsExactlyElementsOf(simulator.calls());
    }

    @Test
    void the_desk_adds_and_removes_devices() throws Exception {
        ManagedDevice odd = named("odd");

        assertThat(visitor.desk("POST", "/devices", WireJson.write(odd)).statusCode())
                .isEqualTo(204);
        assertThat(visitor.get(path(odd)).statusCode()).isEqualTo(200);
        assertThat(visitor.desk("DELETE", "/devices/" + odd.id(), "").statusCode())
                .isEqualTo(204);
        assertThat(visitor.get(path(odd)).statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> list(String filter) throws Exception {
        return visitor.get(
                "/deviceManagement/managedDevices?$filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    private List<Call> calls(ManagedDevice device) {
        return simulator.calls().stream()
                .filter(call -> device.id().equals(call.deviceId()))
                .toList();
    }

    private ManagedDevice notChromeOs() {
        return simulator
                .population()
                .devices()
                .filter(device -> !device.isChromeOs())
                .findFirst()
                .orElseThrow();
    }

    private static ManagedDevice named(String name) {
        return new ManagedDevice(
                GUID,
                name,
                "S1",
                "ChromeOS",
                "1",
                "m",
                "a@b.example",
                GUID,
                "company",
                "managed",
                Instant.EPOCH,
                Instant.EPOCH,
                List.of());
    }

    private static String path(ManagedDevice device) {
        return "/deviceManagement/managedDevices/" + device.id();
    }
}
