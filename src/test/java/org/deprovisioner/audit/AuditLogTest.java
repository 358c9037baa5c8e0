package org.deprovisioner.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.audit.AuditTrail.Verdict;
import org.deprovisioner.ledger.Approvals;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.Units.Verdict.Hold;
import org.deprovisioner.request.Row;
import org.junit.jupiter.api.Test;

class AuditLogTest extends LedgerFixture {

    private void append() throws IOException {
        new AuditLog(data, ledger.audit()).append();
    }

    private Verdict verify() throws IOException {
        return new AuditTrail(data).verify(Optional.empty());
    }

    private List<JsonNode> told(Optional<String> device) throws IOException {
        List<JsonNode> told = new ArrayList<>();
        new AuditTrail(data)
                .find(device.map(AuditQuery::ofDevice).orElse(AuditQuery.ALL), line -> told.add(line.told()));
        return told;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("audit"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    /** Pauses and resumes, each an entry. */
    private static void tell(Ledger ledger, String scope, int times) {
        for (int i = 0; i < times; i++) {
            ledger.pauses().pause(scope, Pause.EndsBy.RESUME, "user", "Paused " + i + ".", "Resume.", "ada");
            ledger.pauses().resume(scope, "ada");
        }
    }

    @Test
    void itTellsOfADeviceFromIntakeToItsEnd() throws Exception {
        takeIn("leavers", List.of(Rows.row(2, 1), Rows.invalid(3)));
        resolveAll();
        ledger.units().guard(onlyUnit(), counts -> new Hold("Too many.", "Look."));
        ledger.approvals()
                .approve(
                        new Approvals.BatchApproval("leavers", 1, "eve", "on behalf of Bob: left the school"),
                        submitters -> Optional.empty(),
                        Duration.ZERO);
        send(Outcome.DEPROVISIONED);
        append();

        assertThat(told(Optional.empty()).stream()
                        .map(line -> line.path("what").asText() + " "
                                + line.path("outcome").asText())
                        .map(String::strip))
                .containsExactly("ended invalid", "taken-in", "held", "approved", "ended deprovisioned");
        List<JsonNode> device = told(Optional.of(" " + Rows.id(1).toUpperCase(java.util.Locale.ROOT)));
        assertThat(device).hasSize(3);
        assertThat(device.get(1).path("by").asText()).isEqualTo("eve");
        assertThat(device.get(1).path("remark").asText()).contains("Bob", "left the school");
        JsonNode end = device.get(2);
        assertThat(end.path("submittedBy").asText()).isEqualTo("ada");
        assertThat(end.path("by").asText()).isEqualTo("Deprovisioner");
        assertThat(end.path("serialNumber").asText()).isEqualTo("5CD1");
        assertThat(end.path("deprovisionReason").asText()).isEqualTo("lost");
        assertThat(end.path("graphRequestId").asText()).isEqualTo("graph-1");
        assertThat(end.path("clientRequestId").asText()).isNotEmpty();
        assertThat(end.path("row").path("deprovisionReason").asText()).isEqualTo("lost");
        assertThat(told(Optional.of("cb-1"))).hasSize(3);
        assertThat(told(Optional.of("abc"))).hasSize(1);
        assertThat(told(Optional.of("nobody"))).isEmpty();
    }

    @Test
    void theChainGoesOnOverDaysAndOverProcesses() throws Exception {
        tell(ledger, TENANT, 2);
        append();
        clock.pass(Duration.ofDays(1));
        tell(ledger, TENANT, 2);
        append();
        clock.pass(Duration.ofDays(-1));
        tell(ledger, TENANT, 1);
        append();
        assertThat(files()).hasSize(2);
        assertThat(verify().broken()).isEmpty();
        assertThat(verify().lines()).isEqualTo(10);
    }

    @Test
    void anEntryWhoseLineWasOnDiskWhenTheProcessWasCutOffIsNotWrittenTwice() throws Exception {
        tell(ledger, TENANT, 3);
        ledger.close();
        Path before = Files.copy(data.resolve("ledger.db"), data.resolve("before.db"));
        ledger = open();
        append();
        ledger.close();
        Files.copy(before, data.resolve("ledger.db"), StandardCopyOption.REPLACE_EXISTING);
        ledger = open();
        tell(ledger, TENANT, 1);
        append();
        assertThat(verify()).isEqualTo(new Verdict(8, verify().head(), Optional.empty(), Optional.empty()));
        assertThat(told(Optional.empty()).stream().map(ChainedLine::key)).doesNotHaveDuplicates();
    }

    @Test
    void aLineThatWasCutOffWhileItWasWrittenIsWrittenAnew() throws Exception {
        tell(ledger, TENANT, 3);
        append();
        Files.writeString(files().get(0), "{\"number\":7,\"ent", StandardOpenOption.APPEND);
        assertThat(verify().broken())
                .hasValueSatisfying(text -> assertThat(text).contains("line 7"));
        tell(ledger, TENANT, 1);
        append();
        assertThat(verify().broken()).isEmpty();
        assertThat(verify().lines()).isEqualTo(8);
    }

    @Test
    void toABrokenEndNothingIsAddedAndNothingIsForgotten() throws Exception {
        tell(ledger, TENANT, 1);
        append();
        Files.writeString(files().get(0), "{\"number\":3}\n", StandardOpenOption.APPEND);
        tell(ledger, TENANT, 1);
        assertThatThrownBy(this::append).hasMessageContaining("audit verify");
        assertThat(ledger.audit().waiting(10)).hasSize(2);
    }

    @Test
    void writersAtOnceKeepTheChainWhole() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(3);
        try (Ledger other = open()) {
            List<Future<?>> ends = new ArrayList<>();
            for (Ledger one : List.of(ledger, other, other)) {
                AuditLog log = new AuditLog(data, one.audit());
                String scope = "tenant-" + ends.size();
                ends.add(writers.submit(() -> {
                    for (int i = 0; i < 6; i++) {
                        tell(one, scope, 2);
                        log.append();
                    }
                    return true;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            writers.shutdown();
        }
        assertThat(verify().broken()).isEmpty();
        assertThat(verify().lines()).isEqualTo(3 * 6 * 4);
        assertThat(told(Optional.empty()).stream().map(ChainedLine::key)).doesNotHaveDuplicates();
    }

    @Test
    void theFirstLineThatWasTouchedIsNamed() throws Exception {
        tell(ledger, TENANT, 5);
        append();
        Path file = files().get(0);
        List<String> whole = Files.readAllLines(file);

        assertThat(broken(whole.stream().map(line -> line.replace("Paused 1", "Paused 9"))))
                .contains("line 3", "changed");
        assertThat(broken(whole.stream().filter(line -> !line.contains("\"number\":4,"))))
                .contains("line 4", "number 5 and follows number 3", "taken out");
        List<String> swapped = new ArrayList<>(whole);
        Collections.swap(swapped, 4, 5);
        assertThat(broken(swapped.stream())).contains("line 5", "moved");
        List<String> inserted = new ArrayList<>(whole);
        inserted.add(6, whole.get(2));
        assertThat(broken(inserted.stream())).contains("line 7", "inserted");
        assertThat(broken(whole.stream().skip(1))).contains("line 1", "taken out");
    }

    private String broken(Stream<String> lines) throws IOException {
        Files.writeString(files().get(0), lines.collect(Collectors.joining("\n", "", "\n")));
        return verify().broken().orElse("whole");
    }

    @Test
    void anEndThatWasCutOffShowsOnlyAgainstAHeadKeptElsewhere() throws Exception {
        tell(ledger, TENANT, 2);
        append();
        String early = verify().head();
        tell(ledger, TENANT, 2);
        append();
        String late = verify().head();
        Path file = files().get(0);
        Files.write(file, Files.readAllLines(file).subList(0, 6));
        assertThat(verify().broken()).isEmpty();
        assertThat(new AuditTrail(data).verify(Optional.of(late)).knownHeadAt()).isEmpty();
        assertThat(new AuditTrail(data).verify(Optional.of(early)).knownHeadAt())
                .contains(4L);
    }

    @Test
    void aLineIsOneLineOfPlainTextWhateverACellHolds() throws Exception {
        String evil = "a\nb\u0007\u001b[31m\u202eü\u0085\u007f\",\"hash\":\"";
        takeIn("leavers", List.of(new Row.Invalid(2, List.of(evil, "lost"), TENANT, "", evil, "Mend it.", "raw")));
        append();
        assertThat(Files.readString(files().get(0))).matches("[ -~\n]*");
        assertThat(verify().lines()).isEqualTo(2);
        assertThat(told(Optional.of(evil)))
                .singleElement()
                .satisfies(line -> assertThat(
                                line.path("row").path("managedDeviceId").asText())
                        .isEqualTo(evil));
    }

    @Test
    void theFilesAreReadableForTheirUserAlone() throws Exception {
        tell(ledger, TENANT, 1);
        append();
        assertThat(Files.getPosixFilePermissions(files().get(0)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(data.resolve("audit")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aFewEntriesWaitForCompanyButNotForLong() {
        tell(ledger, TENANT, 1);
        assertThat(ledger.audit().due()).isEmpty();
        clock.pass(Duration.ofSeconds(1));
        assertThat(ledger.audit().due()).contains(2L);
        clock.pass(Duration.ofSeconds(-1));
        tell(ledger, TENANT, 249);
        assertThat(ledger.audit().due()).contains(500L);
    }
}
