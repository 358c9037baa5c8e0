package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deprovisioner.cli.Installed.Ended;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.ledger.Intakes.OpenFile;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.request.Layout;
import org.deprovisioner.request.Row;
import org.deprovisioner.service.PlanFolder;
import org.deprovisioner.service.ServiceLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that work on the ledger alone, against a real one. */
class CommandsTest {

    private static final Layout LAYOUT = new Layout(List.of("managedDeviceId", "ticket"), ';');

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void install() throws Exception {
        installed = Installed.in(home);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "devices",
                "wait",
                "run",
                "template",
                "plan",
                "submit",
                "status",
                "results",
                "approve",
                "pause",
                "resume",
                "audit",
                "audit verify",
                "backup",
                "cancel",
                "replay",
                "login",
                "doctor",
                "simulator"
            })
    void everyCommandExplainsItself(String command) {
        Ended help = run((command + " --help").split(" "));
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: deprovision " + command, "--debug");
        assertThat(run(("--debug " + command + " --help").split(" ")).out())
                .as("where all are described")
                .isEqualTo(help.out());
    }

    @Test
    void whatWasTypedWronglyDoesNotActOnTheTerminal() {
        for (Ended wrong : List.of(
                run("explode\u001b[2J"),
                run("submit", "one.csv", "two\u001b]0;x\u0007.csv"),
                run("status", "--all\u202e"))) {
            assertThat(wrong.code()).isEqualTo(2);
            assertThat(wrong.err()).contains("\\u").doesNotContain("\u001b", "\u0007", "\u202e");
        }
    }

    @Test
    void theHelpOfAllNamesCommandsAndExitCodes() {
        assertThat(run("--help").out()).contains("submit", "approve", "4   held by a guard");
    }

    @Test
    void aCommandThatIsNotThereIsAUsageError() {
        assertThat(run("explode").code()).isEqualTo(2);
        assertThat(run().code()).isEqualTo(2);
    }

    @Test
    void everyProblemOfTheSettingsIsALine() throws Exception {
        Files.writeString(
                Files.createDirectories(home.resolve("config")).resolve("application.properties"),
                "deprovision.quota.request=1\ndeprovision.timeout=soon\n");
        Ended status = run("status");
        assertThat(status.code()).isEqualTo(3);
        assertThat(status.err().lines()).hasSize(2);
        assertThat(status.err()).contains("deprovision.quota.requests", "soon").doesNotContain("\tat ");
    }

    @Test
    void aLibraryThatCannotBeLoadedIsToldWithTheRemedy() throws Exception {
        try (Forked status = Forked.start(
                List.of("-Ddeprovision.home=" + home, "-Djava.io.tmpdir=" + home.resolve("missing")),
                Deprovisioner.class,
                List.of("status"),
                Map.of(),
                home.resolve("status.log"))) {
            assertThat(status.awaitEnd()).isEqualTo(5);
            assertThat(status.output())
                    .contains("SQLite's library cannot be loaded", "DEPROVISION_JAVA_OPTS=-Djava.io.tmpdir=FOLDER")
                    .doesNotContain("Exception in thread");
        }
    }

    @Test
    void aDamagedLedgerIsToldInOneLine() throws Exception {
        Files.write(Files.createDirectories(data()).resolve("ledger.db"), new byte[4096]);
        Files.writeString(
                data().resolve("ledger.db"), "this is not a ledger, and never was; it is left as it is\n".repeat(99));
        Ended status = run("status");
        assertThat(status.code()).isEqualTo(5);
        assertThat(status.err())
                .contains("Stop the service and put a backup in its place")
                .doesNotContain("\tat ");
        assertThat(run("status", "--debug").err()).contains("Stop the service and put a backup in its place", "\tat ");
    }

    @Test
    void statusSaysThatNothingIsThereAndThatNoServiceRuns() {
        Ended status = run("status");
        assertThat(status.code()).isZero();
        assertThat(status.out()).contains("Service: not running", "No batch yet");
    }

    @Test
    void statusShowsTheLanesThatWereSlowedDownAndWhy() {
        ledger(ledger -> {
            ledger.pauses().slowLane("default", true, 0.25, "429");
            ledger.pauses().slowLane("default", false, 0.5, "503");
        });
        assertThat(run("status").out())
                .contains(
                        "sends at most 2.5 of 10.0 calls a second, since Graph answered 429 at",
                        "reads at most 45.0 of 90.0 times a second, since Graph answered 503 at");
        assertThat(run("status", "--json").out())
                .contains("\"lane\":\"actions\"", "\"slowedBy\":\"429\"", "\"lane\":\"reads\"");
    }

    @Test
    void statusShowsUntilWhenALaneIsClosedSinceGraphWantsFewerCalls() {
        Instant until = Instant.parse("2999-01-01T00:00:00Z");
        ledger(ledger -> ledger.pauses().closeLane("default", until));
        assertThat(run("status").out())
                .contains("Pace:    tenant default waits until 2999-01-01T00:00:00Z, since Graph wants fewer calls.");
        assertThat(run("status", "--json").out())
                .contains("\"closedLanes\":[{", "\"tenant\":\"default\"", "\"untilUtc\":\"2999-01-01T00:00:00");
    }

    @Test
    void statusSaysUntilWhenTheWindowIsFullByWhatWasSentBefore() {
        ledger(ledger -> {
            takeInMessage(ledger, "leavers", Rows.rows(1, 201));
            makeReady(ledger);
            ledger.claims()
                    .leaseReady("default", 200)
                    .forEach(lease -> ledger.attempts().begin(lease, "call-" + lease.id()));
        });
        assertThat(run("status").out())
                .containsPattern("Pace:    Tenant 'default': the quota's window is full until [0-9-]+ [0-9:]+ UTC\\.");
        assertThat(run("status", "--json").out())
                .containsPattern("\"fullWindows\":\\[\\{\"tenant\":\"default\",\"untilUtc\":\"2");
    }

    @Test
    void statusOfABatchEndsWithItsExitCode() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        Ended status = run("status", "LEAVERS");
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.out()).contains("leavers").containsPattern("leavers +2 +0 +0 +0 +0 +0 +0 +2");
        assertThat(run("status", "nobody").code()).isEqualTo(2);
        assertThat(run("status", "--json", "leavers").out()).contains("\"failed\":2", "\"exitCode\":1");
    }

    @Test
    void programsReadTheStatusByTheNamesOfItsFields() throws Exception {
        ledger(ledger -> takeInMessage(ledger, "leavers", Rows.rows(1, 2)));
        JsonNode status =
                JsonMapper.builder().build().readTree(run("status", "--json").out());
        assertThat(status.fieldNames())
                .toIterable()
                .containsExactly(
                        "serviceRunning",
                        "machines",
                        "dryRun",
                        "stopFile",
                        "protectedList",
                        "closed",
                        "credentialsEndingSoon",
                        "broker",
                        "pauses",
                        "closedLanes",
                        "fullWindows",
                        "pace",
                        "held",
                        "grace",
                        "undeliveredNotifications",
                        "batches");
        assertThat(status.path("batches").path(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "batch",
                        "createdUtc",
                        "rows",
                        "done",
                        "skipped",
                        "failed",
                        "unknown",
                        "held",
                        "waiting",
                        "ready",
                        "inDoubt",
                        "awaitingApproval",
                        "outcomes",
                        "atRest",
                        "exitCode",
                        "secondsLeft");
    }

    private void takeInMessage(Ledger ledger, String batch, List<Row> rows) {
        ledger.intakes()
                .record(
                        new Intakes.Message(batch, "ID:" + batch, "desk", batch, Optional.empty(), Optional.empty()),
                        Rows.COLUMNS,
                        rows);
    }

    @Test
    void statusSaysForWhatRowsWaitAndHowLongThatTakesOnlyWhileSomethingIsSent() throws Exception {
        ledger(ledger -> {
            takeInMessage(ledger, "leavers", Rows.rows(1, 400));
            takeInMessage(ledger, "again", Rows.rows(1, 1));
            makeReady(ledger);
            List<Lease> leases = ledger.claims().leaseReady("default", 2);
            leases.forEach(lease -> ledger.attempts().begin(lease, "c"));
            ledger.attempts().settleForRetry(leases.get(0), Duration.ofMinutes(5), true, false, "Busy.", 503, "");
            ledger.attempts().settleInDoubt(leases.get(1), "No answer.", 0, "");
        });
        assertThat(run("status").out())
                .contains(
                        "2 waiting: 1 for another request for the same device, and end with that one; 1 until their devices",
                        "399 to send: 399 ready.",
                        "1 row of 'leavers' is tried again, the first at",
                        "That takes at least 40s at the quota of 200 in 20s (10.0 a second).");
        assertThat(run("status", "--json").out()).contains("\"secondsLeft\":39");
        run("pause", "leavers");
        assertThat(run("status").out()).contains("399 to send").doesNotContain("at least");
        assertThat(run("status", "--json").out()).doesNotContain("secondsLeft");
        run("resume");
        Files.createFile(data().resolve("STOP"));
        assertThat(run("status").out()).contains("399 to send").doesNotContain("at least");
    }

    @Test
    void aVeryLongNameLeavesTheTableReadable() {
        String longName = "leavers-".repeat(20);
        ledger(ledger -> {
            takeIn(ledger, "leavers");
            takeIn(ledger, longName);
        });
        String status = run("status").out();
        assertThat(status.lines())
                .contains(longName)
                .filteredOn(line -> line.length() > 90)
                .containsExactly(longName);
        assertThat(status.lines())
                .filteredOn(line -> line.matches(" +2 +0 +0 +0 +0 +0 +0 +2"))
                .hasSize(1);
    }

    @Test
    void statusNamesTheStopFile() throws Exception {
        Files.createFile(Files.createDirectories(data()).resolve("Stop.txt"));
        assertThat(run("status").out()).contains("Stop.txt stops every call");
    }

    @Test
    void resultsSayThatTheStopFileIsWhatRowsWaitFor() throws Exception {
        ledger(ledger -> ledger.intakes()
                .record(
                        new Intakes.Message("m", "ID:m", "desk", "leavers", Optional.empty(), Optional.empty()),
                        Rows.COLUMNS,
                        Rows.rows(1, 1)));
        Files.createFile(data().resolve("STOP"));
        assertThat(run("results", "leavers").out()).contains("STOP stops every call. Remove it to go on.");
    }

    @Test
    void resultsPrintEveryRow() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        Ended csv = run("results", "leavers");
        assertThat(csv.code()).isEqualTo(1);
        assertThat(csv.out().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("managedDeviceId;ticket;outcome;error;remedy");
        assertThat(csv.out()).contains("CB-1;T-2;invalid;not a GUID;Mend it.;;;;;2;failed");
        assertThat(run("results", "--json", "leavers").out().lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"ticket\":\"T-2\"", "\"outcome\":\"invalid\"");
    }

    @Test
    void pauseAndResumeSayWhatAndSinceWhen() {
        Ended pause = run("pause", "--reason", "the proxy moves");
        assertThat(pause.code()).isZero();
        assertThat(pause.out()).contains("every tenant since", " UTC", "the proxy moves", "deprovision resume");
        assertThat(run("status").out()).contains("the proxy moves");
        assertThat(run("resume").out()).contains("Resumed every tenant", "the proxy moves");
        assertThat(run("resume").out()).contains("Nothing was paused");
        assertThat(run("status").out()).doesNotContain("Paused");
    }

    @Test
    void resumeWithoutATenantEndsATenantsPauseToo() {
        ledger(ledger -> ledger.pauses()
                .pause(
                        "default",
                        Pause.EndsBy.PROBE,
                        "token",
                        "The secret was refused.",
                        "Renew it.",
                        "Deprovisioner"));
        assertThat(run("status").out()).contains("The secret was refused. Renew it.");
        assertThat(run("resume").out()).contains("Resumed the tenant 'default'");
        ledger(ledger -> assertThat(ledger.pauses().all()).isEmpty());
    }

    @Test
    void oneBatchIsPausedAndResumedByItsName() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        assertThat(run("pause", "LEAVERS").out()).contains("the batch 'leavers'", "deprovision resume leavers");
        assertThat(run("status").out()).contains("the batch 'leavers'");
        assertThat(run("pause", "nobody").code()).isEqualTo(2);
        assertThat(run("pause", "leavers", "--tenant", "default").code()).isEqualTo(2);
        assertThat(run("resume", "--tenant", "default").out())
                .contains("Nothing was paused for the tenant 'default'", "the batch 'leavers'");
        assertThat(run("resume", "leavers").out()).contains("Resumed the batch 'leavers'");
        assertThat(run("status").out()).doesNotContain("Paused");
    }

    @Test
    void replaySaysWhatItLeaves() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        Ended replay = run("replay", "leavers");
        assertThat(replay.code()).isZero();
        assertThat(replay.out()).contains("Nothing was put back", "2 rows that were never understood");
        assertThat(run("replay", "--outcome", "unknown").err()).contains("may have been carried out", "--force");
        assertThat(run("replay", "--outcome", "duplicate").err()).contains("retries-exhausted, unknown");
        assertThat(run("replay", "nobody").code()).isEqualTo(2);
    }

    @Test
    void cancelSaysWhatItEndsAndWhatWasDone() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        Ended cancel = run("cancel", "Leavers");
        assertThat(cancel.code()).isZero();
        assertThat(cancel.out()).contains("Nothing of 'leavers' was still to be sent", "0 of its devices");
        assertThat(run("cancel", "nobody").code()).isEqualTo(2);
    }

    @Test
    void aReasonThatNobodyWouldReadIsRefusedAndNothingIsPaused() {
        Ended pause = run("pause", "--reason", "x".repeat(501));
        assertThat(pause.code()).isEqualTo(2);
        assertThat(pause.err()).contains("501 characters", "the limit is 500");
        assertThat(run("status").out()).doesNotContain("paused");
    }

    @Test
    void aTenantThatIsNotConfiguredIsNotPaused() {
        Ended pause = run("pause", "--tenant", "nowhere");
        assertThat(pause.code()).isEqualTo(2);
        assertThat(pause.err()).contains("'nowhere' is not a configured tenant");
    }

    @Test
    void whatIsNotHeldCannotBeApproved() {
        Ended approve = run("approve", "leavers", "--devices", "3");
        assertThat(approve.code()).isEqualTo(2);
        assertThat(approve.err()).contains("There is no batch 'leavers'", "Nothing is held now");
        ledger(ledger -> takeIn(ledger, "leavers"));
        assertThat(run("approve", "leavers", "--devices", "3").err()).contains("Nothing of 'leavers' is held");
    }

    @Test
    void auditTellsWhoDidWhatAndThatNobodyTouchedIt() throws Exception {
        ledger(ledger -> takeIn(ledger, "leavers"));
        run("pause", "--reason", "the proxy moves");
        assertThat(run("audit", "cb-1").out().lines())
                .singleElement()
                .asString()
                .contains("invalid", "leavers line 2", "handed over by somebody", "not a GUID");
        assertThat(run("audit", "--json").out().lines()).hasSize(4).allMatch(line -> line.contains("\"hash\""));
        assertThat(run("audit").out())
                .contains("paused, for every tenant, by " + System.getProperty("user.name"), "the proxy moves");
        assertThat(run("audit", "CB-2").err()).contains("does not name 'CB-2'");

        Ended whole = run("audit", "verify");
        assertThat(whole.code()).isZero();
        String head = whole.out().replaceAll("(?s).*Head:  ([0-9a-f]{64}).*", "$1");
        assertThat(whole.out()).contains("Whole: 4 lines", "What this cannot find");
        assertThat(run("audit", "verify", "--head", head).out()).contains("that of line 4");
        assertThat(run("audit", "verify", "--head", "f".repeat(64)).code()).isEqualTo(1);
        try (Stream<Path> files = Files.list(data().resolve("audit"))) {
            Path file = files.filter(path -> path.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(file, Files.readString(file).replace("CB-1", "CB-2"));
        }
        Ended broken = run("audit", "verify");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).contains("Broken. Whole up to there: 0 lines.", "line 1");
    }

    @Test
    void aTemplateIsWrittenInEachFormatThatIsTakenIn() throws Exception {
        JsonMapper json = JsonMapper.builder().build();
        assertThat(run("template").out())
                .contains("\nmanagedDeviceId,serialNumber,deprovisionReason")
                .isEqualTo(run("template", "--format", "csv").out());
        assertThat(run("template", "--format", "jsonl").out().lines())
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(json.readTree(line).has("managedDeviceId")).isTrue());
        JsonNode array = json.readTree(run("template", "--format", "json").out());
        assertThat(array.isArray()).isTrue();
        assertThat(array).isNotEmpty().allMatch(row -> row.has("managedDeviceId"));
        Ended other = run("template", "--format", "xlsx");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("xlsx");
    }

    @Test
    void aFileThatIsHandedOverWaitsForTheService() throws Exception {
        Path file = Files.writeString(home.resolve("leavers.csv"), "managedDeviceId\n");
        Ended submit = run("submit", file.toString());
        assertThat(submit.code()).isZero();
        assertThat(submit.out()).contains("nothing of it is sent until 'deprovision run'");
        assertThat(run("submit", file.toString()).out()).contains("-leavers.csv");
        try (var handedOver = Files.list(data().resolve("inbox/.working"))) {
            assertThat(handedOver)
                    .as("whole, and with a number: it waits for nothing else")
                    .hasSize(2);
        }
        assertThat(data().resolve("inbox")).isDirectoryNotContaining("glob:**.part");
        assertThat(file).exists();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nothingIsSentWhereAnybodyCouldChangeWhatIsSent() throws Exception {
        Path routes = Files.createDirectories(home.resolve("routes"));
        Files.setPosixFilePermissions(routes, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(
                home.resolve("config").resolve("application.properties"),
                "AZURE_TENANT_ID=11111111-1111-1111-1111-111111111111\nAZURE_CLIENT_ID=22222222-2222-2222-2222-222222222222"
                        + "\nAZURE_CLIENT_SECRET=not-a-secret\ndeprovision.broker.url=none\n");
        Ended refused = run("run");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("Everybody may write", "chmod o-w '" + routes.toRealPath() + "'");
    }

    @Test
    void aFileThatIsNotThereIsAUsageError() {
        Ended submit = run("submit", "nowhere.csv");
        assertThat(submit.code()).isEqualTo(2);
        assertThat(submit.err()).contains("nowhere.csv");
    }

    @Test
    void submitWithWaitNeedsCredentialsBeforeItHandsOver() throws Exception {
        Path file = Files.writeString(home.resolve("leavers.csv"), "managedDeviceId\n");
        assertThat(run("submit", "--yes", "--wait", file.toString()).code()).isEqualTo(3);
        assertThat(data().resolve("inbox")).doesNotExist();
    }

    /** Two rows that were refused by Graph, and a file that shows them as they are. */
    private void refuseTwo(String batch) {
        ledger(ledger -> {
            takeInMessage(ledger, batch, Rows.rows(1, 2));
            makeReady(ledger);
            ledger.claims().leaseReady("default", 2).forEach(lease -> {
                ledger.attempts().begin(lease, "c");
                ledger.attempts()
                        .settle(lease, new Finding(Outcome.REJECTED_BY_GRAPH, 400, "", "No.", "Mend it."), "g");
            });
        });
        run("pause");
        run("resume");
        assertThat(data().resolve("results/" + batch + ".csv")).content().contains("rejected-by-graph");
        assertThat(data().resolve("dead-letter/" + batch + ".csv")).content().contains("rejected-by-graph");
    }

    private static void makeReady(Ledger ledger) {
        ledger.claims()
                .leaseUnresolved("default", 1_000)
                .forEach(lease -> ledger.resolutions()
                        .resolved(
                                lease,
                                Rows.device(lease.address().managedDeviceId().orElseThrow(), Optional.empty()),
                                Duration.ofDays(30)));
        ledger.units().toGuard(9).forEach(unit -> ledger.units().guard(unit, counts -> new Verdict.LetThrough()));
    }

    @Test
    void withoutAServiceTheFilesShowWhatIsPutBackAndWhatIsCancelled() {
        refuseTwo("leavers");
        assertThat(run("replay", "leavers").out()).contains("Put back: 2 rows");
        assertThat(data().resolve("results/leavers.csv"))
                .content()
                .contains("Not sent yet: no service is running")
                .doesNotContain("rejected-by-graph");
        assertThat(data().resolve("dead-letter/leavers.csv")).content().doesNotContain("rejected-by-graph");
        run("pause", "leavers", "--reason", "the proxy moves");
        assertThat(data().resolve("results/leavers.csv")).content().contains("the proxy moves");
        run("resume", "leavers");
        assertThat(data().resolve("results/leavers.csv")).content().doesNotContain("the proxy moves");
        run("cancel", "leavers");
        assertThat(data().resolve("results/leavers.csv")).content().contains(",lost,cancelled,");
    }

    @Test
    void whatIsReleasedWithoutAServiceIsNoMoreSaidToBeHeld() {
        ledger(ledger -> {
            takeInMessage(ledger, "held", Rows.rows(1, 2));
            ledger.claims()
                    .leaseUnresolved("default", 9)
                    .forEach(lease -> ledger.resolutions()
                            .resolved(
                                    lease,
                                    Rows.device(
                                            lease.address().managedDeviceId().orElseThrow(), Optional.empty()),
                                    Duration.ofDays(30)));
            ledger.units()
                    .toGuard(9)
                    .forEach(unit -> ledger.units().guard(unit, counts -> new Verdict.Hold("Many.", "Approve.")));
        });
        run("pause");
        run("resume");
        assertThat(data().resolve("held/held.txt")).content().contains("Many.");
        Ended asked = run("approve", "HELD");
        assertThat(asked.code()).as("nobody is there to be asked").isEqualTo(2);
        assertThat(asked.out())
                .contains("Held: 'held', 2 devices (2 rows). Many.", "Handed over by 'desk' in messages", "ago).")
                .contains("2 lost", "The devices:", "ada@example.org", "cannot be undone remotely")
                .doesNotContain("--devices");
        assertThat(asked.err()).contains("add --devices and that number");
        assertThat(run("approve", "held", "--devices", "2").code()).isZero();
        assertThat(data().resolve("held/held.txt")).doesNotExist();
        assertThat(data().resolve("results/held.csv")).content().contains("no service is running");
    }

    @Test
    void besideAServiceTheFilesAreLeftToIt() throws Exception {
        ledger(ledger -> takeInMessage(ledger, "leavers", Rows.rows(1, 2)));
        try (ServiceLock lock = ServiceLock.acquireOrRefuse(data())) {
            assertThat(lock).isNotNull();
            run("cancel", "leavers");
        }
        assertThat(data().resolve("results")).doesNotExist();
        run("cancel", "leavers");
        assertThat(data().resolve("results/leavers.csv")).content().contains("cancelled");
    }

    @Test
    void theAuditLogIsFilteredByTimePersonAndBatchAndPrintedAsCsv() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        ledger(ledger -> takeIn(ledger, "others"));
        run("pause", "others", "--reason", "=a remark");
        String you = Subcommand.user();
        assertThat(run("audit", "--batch", "LEAVERS").out()).contains("leavers").doesNotContain("others");
        assertThat(run("audit", "--by", you).out()).contains("paused").doesNotContain("handed over by somebody");
        assertThat(run("audit", "--by", "somebody").out()).doesNotContain("paused");
        assertThat(run("audit", "--since", "2999-01-01").out()).isEmpty();
        assertThat(run("audit", "--until", "2001-01-01T00:00:00Z").out()).isEmpty();
        assertThat(run("audit", "--since", "2001-01-01", "--until", "2999-01-01")
                        .out())
                .isEqualTo(run("audit").out());
        assertThat(run("audit", "--since", "yesterday").code()).isEqualTo(2);
        Ended csv = run("audit", "--csv", "--by", you);
        assertThat(csv.out().lines().toList())
                .hasSize(2)
                .startsWith("atUtc,event,by,submittedBy,batch,line,deviceName,serialNumber,managedDeviceId,scope,"
                        + "deprovisionReason,remark,error,graphRequestId,clientRequestId");
        assertThat(run("audit", "--csv", "--json").code()).isEqualTo(2);
    }

    @Test
    void aDeviceThatTheAuditLogDoesNotNameIsAFailure() {
        ledger(ledger -> takeIn(ledger, "leavers"));
        assertThat(run("audit", "CB-1").code()).isZero();
        Ended unknown = run("audit", "CB-2");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("does not name 'CB-2'");
        assertThat(run("audit", "--batch", "nothing").code()).isZero();
    }

    @Test
    void aMonitoringProbeGetsOneLineAndAnExitCode() throws Exception {
        ledger(ledger -> takeIn(ledger, "leavers"));
        Ended stopped = run("status", "--check");
        assertThat(stopped.code()).isEqualTo(5);
        assertThat(stopped.out()).startsWith("NOT RUNNING").hasLineCount(1);
        try (ServiceLock lock = ServiceLock.acquireOrRefuse(data())) {
            assertThat(lock).isNotNull();
            Ended well = run("status", "--check");
            assertThat(well.code()).as(well.all()).isZero();
            assertThat(well.out()).startsWith("OK: running").hasLineCount(1);
            run("pause", "leavers", "--reason", "a look\nfirst");
            Ended paused = run("status", "--check");
            assertThat(paused.code()).isEqualTo(1);
            assertThat(paused.out())
                    .startsWith("ATTENTION: paused: the batch 'leavers'")
                    .hasLineCount(1);
        }
    }

    @Test
    void whatCameFromOutsideIsPrintedAsWhatItIs() {
        ledger(ledger -> {
            OpenFile intake = ledger.intakes()
                    .begin(ledger.intakes().openFile("odd.csv", "somebody"), "odd", LAYOUT, taken -> false);
            String hostile = "CB\u001b[2J\u202e1\n\r2";
            ledger.intakes()
                    .record(
                            intake,
                            List.of(new Row.Invalid(
                                    2, List.of(hostile, "T"), "default", "", hostile + " is no id", hostile, hostile)));
            ledger.intakes().complete(intake);
        });
        for (String command : List.of("results odd", "results --json odd", "status odd", "audit", "replay odd")) {
            Ended ended = run(command.split(" "));
            assertThat(ended.all())
                    .as(command)
                    .doesNotContain("\u001b", "\u202e")
                    .doesNotContainPattern("(?m)^\\R?2 is no id");
        }
        assertThat(run("results", "odd").out())
                .contains("CB\\u001b[2J\\u202e1\\n\\r2")
                .hasLineCount(2);
        assertThat(run("pause", "--reason", "a\u009b31m\nb").out()).contains("a\\u009b31m\\nb");
        assertThat(run("status", "b\u202e").err()).contains("b\\u202e");
    }

    @Test
    void toLookForAServiceNeverRefusesAStart() throws Exception {
        Files.createDirectories(data());
        try (Forked looking = Forked.start(
                List.of(), LooksForAService.class, List.of(data().toString()), Map.of(), home.resolve("looks.log"))) {
            looking.awaitSaying("looking");
            for (int i = 0; i < 2_000; i++) {
                ServiceLock.acquireOrRefuse(data()).close();
            }
            assertThat(looking.isAlive()).isTrue();
        }
    }

    @Test
    void aLockThatCannotBeTakenLeavesNothingBehind() throws Exception {
        Path lock = Files.createDirectories(data().resolve("service.lock"));
        assertThatThrownBy(() -> ServiceLock.acquire(data(), ServiceLock.Work.SERVICE))
                .isInstanceOf(IOException.class);
        Files.delete(lock);
        assertThat(ServiceLock.isHeld(data())).isFalse();
        ServiceLock.acquireOrRefuse(data()).close();
    }

    @Test
    void whatAPlanLeftBehindThatWasKilledGoesWithTheNextAndAPlanThatIsMadeStays() throws Exception {
        Path left = Files.createDirectories(data().resolve(".plan-123"));
        Files.writeString(left.resolve("ledger.db"), "names");
        Files.createFile(left.resolve("lock"));
        try (PlanFolder plan = PlanFolder.in(data())) {
            assertThat(left).doesNotExist();
            try (Forked other = Forked.start(
                    List.of(), ClearsPlans.class, List.of(data().toString()), Map.of(), home.resolve("clears.log"))) {
                assertThat(other.awaitEnd()).isZero();
            }
            assertThat(plan.path()).isDirectory();
        }
        assertThat(data()).isDirectoryNotContaining("glob:**/.plan-*");
    }

    @Test
    void oneServiceAtATimeHoldsADataFolder() throws Exception {
        try (ServiceLock lock = ServiceLock.acquireOrRefuse(data())) {
            assertThat(lock).isNotNull();
            assertThat(ServiceLock.isHeld(data())).isTrue();
            assertThat(ServiceLock.acquire(data(), ServiceLock.Work.SERVICE)).isEmpty();
            assertThat(run("status").out())
                    .contains("Service: running (process "
                            + ProcessHandle.current().pid() + ")");
        }
        assertThat(ServiceLock.isHeld(data())).isFalse();
    }

    private Path data() {
        return home.resolve("data");
    }

    private void ledger(Consumer<Ledger> work) {
        try (Ledger ledger = Ledger.open("jdbc:sqlite:" + data().resolve("ledger.db"), Clock.systemUTC())) {
            work.accept(ledger);
        }
    }

    /** A batch of two rows that cannot become requests. */
    private static void takeIn(Ledger ledger, String name) {
        OpenFile intake = ledger.intakes()
                .begin(ledger.intakes().openFile(name + ".csv", "somebody"), name, LAYOUT, taken -> false);
        ledger.intakes()
                .record(
                        intake,
                        List.of(
                                new Row.Invalid(
                                        2, List.of("CB-1", "T-2"), "default", "", "not a GUID", "Mend it.", "CB-1;T-2"),
                                new Row.Invalid(3, List.of("", "T-3"), "default", "", "empty", "Fill it.", ";T-3")));
        ledger.intakes().complete(intake);
    }

    private Ended run(String... arguments) {
        return installed.run(arguments);
    }

    /** Asks again and again whether a service is running. */
    static final class LooksForAService {

        private LooksForAService() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println("looking");
            while (true) {
                ServiceLock.isHeld(Path.of(arguments[0]));
            }
        }
    }

    /** Clears up as a start does. */
    static final class ClearsPlans {

        private ClearsPlans() {}

        public static void main(String[] arguments) throws IOException {
            PlanFolder.clear(Path.of(arguments[0]));
        }
    }
}
