package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in, devices deprovisioned, a result for every row. */
class EndToEndTest {

    private static final Instant JUST_NOW = Instant.parse("2025-01-01T08:00:00Z");

    @TempDir
    private static Path folder;

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.in(folder).start();
    }

    @AfterEach
    void nothingIsInTheWay() throws IOException {
        stage.simulator.clearFaults();
        stage.resume();
        Files.deleteIfExists(stage.data.resolve("STOP"));
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void jsonLinesGoTheSameWayAndTheirDeadLettersCanBeDroppedBack() throws Exception {
        ManagedDevice good = stage.next();
        ManagedDevice mended = stage.next();
        String content = """
                {"managedDeviceId": "%s", "deprovisionReason": "Device returned", "ticket": {"number": 7}}
                {"managedDeviceId": "%s", "deprovisionReason": }
                """.formatted(good.id(), mended.id());
        Path part = Files.writeString(folder.resolve("json.part"), content);
        Files.move(part, stage.data.resolve("inbox").resolve("from-json.jsonl"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(stage.settled("from-json", 2)).isEqualTo(Map.of("deprovisioned", 1L, "invalid", 1L));
        assertThat(stage.data.resolve("archive").resolve("from-json.jsonl")).hasContent(content);
        assertThat(Stage.written(stage.data.resolve("results").resolve("from-json.csv"), "deprovisioned"))
                .startsWith("\ufeffmanagedDeviceId,deprovisionReason,ticket,outcome,error,remedy,foundName")
                .contains(good.id() + ",Device returned,\"{\"\"number\"\": 7}\",deprovisioned,,,"
                        + String.join(
                                ",",
                                good.deviceName(),
                                good.serialNumber(),
                                good.userPrincipalName(),
                                good.model(),
                                "1,done,204"));
        String dead = Stage.written(stage.data.resolve("dead-letter").resolve("from-json.csv"), mended.id());
        assertThat(dead).contains("from-json.jsonl line 2, it is not JSON");
        stage.submit("json-mended", dead.replace(",,,invalid", mended.id() + ",Device returned,,invalid"));
        assertThat(stage.settled("json-mended", 1)).isEqualTo(Map.of("deprovisioned", 1L));
    }

    @Test
    void everyRowOfAMixedFileEndsWithItsOwnOutcome() throws Exception {
        ManagedDevice good = stage.next();
        ManagedDevice inBraces = stage.next();
        ManagedDevice wrongSerial = stage.next();
        ManagedDevice rejected = stage.next();
        ManagedDevice doubtful = stage.next();
        ManagedDevice doneBefore = already(stage.next());
        ManagedDevice windows = stage.simulator
                .population()
                .devices()
                .filter(device -> !device.isChromeOs())
                .findFirst()
                .orElseThrow();
        stage.simulator.fault(Fault.Match.DEPROVISION.device(rejected.id()), Effect.error(400, "BadRequest"));
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(doubtful.id()),
                Effect.page(502, "<h1>Bad gateway</h1>").afterExecuting());
        String content = String.join(
                "\r\n",
                "\ufeffIntune Device ID;Serial number;reason;ticket;Authorization",
                good.id() + ";" + good.serialNumber() + ";Device returned;\"T-1\nsecond line\";Bearer stranger",
                "{" + inBraces.id().toUpperCase(java.util.Locale.ROOT) + "};;=cmd();T-2;",
                good.id() + ";;Device returned;T-3;",
                "CB-4711;;Device returned;T-4;",
                ";;Device returned;T-5;",
                "*;;Device returned;T-6;",
                "../../users;;Device returned;T-7;",
                "0a0a0a0a-0000-4000-8000-00000000000a;;Device returned;T-8;",
                wrongSerial.id() + ";5CD0000WRONG;Device returned;T-9;",
                rejected.id() + ";;Device returned;T-10;",
                doubtful.id() + ";;Device returned;T-11;",
                doneBefore.id() + ";;Device returned;T-12;",
                windows.id() + ";;Device returned;T-13;",
                good.serialNumber() + "\r\n");
        Path part = Files.writeString(folder.resolve("leavers.csv"), content);
        Files.move(part, stage.data.resolve("inbox").resolve("leavers.csv"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(stage.settled("leavers", 14))
                .isEqualTo(Map.of(
                        "deprovisioned", 2L,
                        "duplicate", 1L,
                        "invalid", 5L,
                        "not-found", 1L,
                        "mismatch", 1L,
                        "rejected-by-graph", 1L,
                        "confirmed-by-read-back", 1L,
                        "already-deprovisioned", 1L,
                        "refused-by-guard", 1L));
        assertThat(List.of(good, inBraces, doubtful))
                .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
        assertThat(List.of(wrongSerial, rejected, windows))
                .allSatisfy(device -> assertThat(stage.executions(device)).isZero());
        assertThat(stage.actions(inBraces))
                .extracting(Call::body)
                .containsExactly("{\"deprovisionReason\": \"=cmd()\"}");
        assertThat(stage.data.resolve("archive").resolve("leavers.csv")).hasContent(content);

        String results = Stage.written(stage.data.resolve("results").resolve("leavers.csv"), "T-13");
        assertThat(results).startsWith("\ufeffIntune Device ID;").contains("'=cmd()");
        String dead = Stage.written(stage.data.resolve("dead-letter").resolve("leavers.csv"), "T-10");
        assertThat(dead)
                .contains("leavers.csv line 6", "rejected-by-graph", "CB-4711")
                .doesNotContain("T-12");
    }

    @Test
    void aCallHasTheDocumentedHeadersAndBodyAndNoOther() throws Exception {
        ManagedDevice device = stage.next();
        stage.submit("headers", device);
        assertThat(stage.settled("headers", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        Call call = stage.actions(device).get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/beta/deviceManagement/managedDevices/" + device.id() + "/deprovision");
        assertThat(call.query()).isNull();
        assertThat(call.headers())
                .containsExactlyInAnyOrder(
                        "accept",
                        "authorization",
                        "client-request-id",
                        "content-length",
                        "content-type",
                        "host",
                        "user-agent");
        assertThat(call.body()).isEqualToIgnoringWhitespace("{\"deprovisionReason\": \"Device returned\"}");
        Result result = stage.results("headers").get(0);
        assertThat(result.clientRequestId()).isEqualTo(call.clientRequestId());
        assertThat(result.graphRequestId()).isEqualTo(call.requestId());
    }

    @Test
    void noTokenAndNoSecretIsInAnyFile() throws Exception {
        ManagedDevice device = stage.next();
        ManagedDevice refused = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(refused.id()).times(1), Effect.error(401, "InvalidAuthenticationToken"));
        stage.submit("secrets", device, refused);
        assertThat(stage.settled("secrets", 2)).isEqualTo(Map.of("deprovisioned", 2L));
        Stage.written(stage.data.resolve("results").resolve("secrets.csv"), device.id());
        assertThat(stage.filesWith(stage.simulator.clientSecret(), "eyJ")).isEmpty();
    }

    @Test
    void theSameFileAgainIsAllDuplicatesAndExecutesNothing() throws Exception {
        List<ManagedDevice> devices = stage.next(20);
        stage.submit("twice", devices);
        assertThat(stage.settled("twice", 20)).isEqualTo(Map.of("deprovisioned", 20L));
        stage.submit("twice", devices);
        assertThat(stage.settled("twice-2", 20)).isEqualTo(Map.of("duplicate", 20L));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device)).hasSize(1));
    }

    @Test
    void twoFilesWithTheSameDevicesAtOnceExecuteEachOnce() throws Exception {
        List<ManagedDevice> devices = stage.next(30);
        stage.submit("one-of-two", devices);
        stage.submit("two-of-two", devices);
        Map<String, Long> one = stage.settled("one-of-two", 30);
        Map<String, Long> two = stage.settled("two-of-two", 30);
        assertThat(one.getOrDefault("deprovisioned", 0L) + two.getOrDefault("deprovisioned", 0L))
                .isEqualTo(30);
        assertThat(one.getOrDefault("duplicate", 0L) + two.getOrDefault("duplicate", 0L))
                .isEqualTo(30);
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device)).hasSize(1));
    }

    @Test
    void aDeadLetterFileDroppedBackIsDeprovisionedOnceTheCauseIsMended() throws Exception {
        ManagedDevice mended = stage.next();
        ManagedDevice good = stage.next();
        stage.simulator.fault(Fault.Match.DEPROVISION.device(mended.id()), Effect.error(400, "BadRequest"));
        stage.submit("mended", mended, good);
        assertThat(stage.settled("mended", 2)).isEqualTo(Map.of("deprovisioned", 1L, "rejected-by-graph", 1L));
        String deadLetters = Stage.written(stage.data.resolve("dead-letter").resolve("mended.csv"), mended.id());
        stage.simulator.clearFaults();
        stage.submit("mended", deadLetters);
        assertThat(stage.settled("mended-2", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executions(mended)).isOne();
        assertThat(stage.executions(good)).isOne();
        String header = Stage.written(stage.data.resolve("results").resolve("mended-2.csv"), mended.id())
                .lines()
                .findFirst()
                .orElseThrow();
        assertThat(header.split("outcome", -1)).hasSize(2);
    }

    @Test
    void aStopFileStopsEverythingUntilItIsRemoved() throws Exception {
        Path stop = Files.createFile(stage.data.resolve("STOP"));
        List<ManagedDevice> devices = stage.next(10);
        stage.submit("stopped", devices);
        stage.until("stopped", now -> now.rows() == 10);
        Instant removed = Instant.now();
        Files.delete(stop);
        assertThat(stage.settled("stopped", 10)).isEqualTo(Map.of("deprovisioned", 10L));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device))
                        .singleElement()
                        .satisfies(call -> assertThat(call.at()).isAfterOrEqualTo(removed)));
    }

    @Test
    void aPauseStopsEverythingUntilResume() throws Exception {
        stage.ledger()
                .pauses()
                .pause(Pause.ALL, Pause.EndsBy.RESUME, "operator", "Paused by a test.", "Resume it.", "test");
        List<ManagedDevice> devices = stage.next(10);
        stage.submit("paused", devices);
        stage.until("paused", now -> now.rows() == 10);
        Instant resumed = Instant.now();
        stage.resume();
        assertThat(stage.settled("paused", 10)).isEqualTo(Map.of("deprovisioned", 10L));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device))
                        .singleElement()
                        .satisfies(call -> assertThat(call.at()).isAfterOrEqualTo(resumed)));
    }

    @Test
    void aPauseInTheMiddleOfABatchLosesNothing() throws Exception {
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(java.time.Duration.ofMillis(100)));
        List<ManagedDevice> devices = stage.next(80);
        stage.submit("in-the-middle", devices);
        stage.until("in-the-middle", now -> now.in(State.DONE) >= 10);
        stage.ledger()
                .pauses()
                .pause(Pause.ALL, Pause.EndsBy.RESUME, "operator", "Paused by a test.", "Resume it.", "test");
        stage.until("in-the-middle", now -> now.in(State.SENDING) == 0);
        stage.resume();
        assertThat(stage.settled("in-the-middle", 80)).isEqualTo(Map.of("deprovisioned", 80L));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
    }

    @Test
    void aProtectedDeviceIsRefused() throws Exception {
        ManagedDevice kept = stage.next();
        ManagedDevice good = stage.next();
        Files.writeString(stage.protectedDevices(), "id,serialNumber\n," + kept.serialNumber() + "\n");
        stage.submit("protected", kept, good);
        assertThat(stage.settled("protected", 2)).isEqualTo(Map.of("deprovisioned", 1L, "refused-by-guard", 1L));
        assertThat(stage.outcome("protected", kept)).isEqualTo(Outcome.REFUSED_BY_GUARD);
        assertThat(stage.actions(kept)).isEmpty();
    }

    /** The device as it is when somebody deprovisioned it in Intune's own console. */
    private static ManagedDevice already(ManagedDevice device) {
        ManagedDevice done = new ManagedDevice(
                device.id(),
                device.deviceName(),
                device.serialNumber(),
                device.operatingSystem(),
                device.osVersion(),
                device.model(),
                device.userPrincipalName(),
                device.azureADDeviceId(),
                device.managedDeviceOwnerType(),
                device.managementState(),
                device.enrolledDateTime(),
                device.lastSyncDateTime(),
                List.of(new ManagedDevice.ActionResult("deprovision", "done", JUST_NOW, JUST_NOW)));
        stage.simulator.population().add(done);
        return done;
    }
}
