package org.deprovisioner.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.deprovisioner.Said;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.WrittenFiles.Mark;
import org.deprovisioner.request.Layout;
import org.deprovisioner.request.Row;
import org.deprovisioner.rights.Readers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultFilesTest extends LedgerFixture {

    private static final String ADDED =
            "outcome,error,remedy,foundName,foundSerialNumber,foundUser,foundModel,line,class,"
                    + "httpStatus,graphCode,attempts,graphRequestId,clientRequestId,startedUtc,finishedUtc,requestId";

    private ResultFiles files;

    @BeforeEach
    void makeFiles() {
        files = new ResultFiles(data, new Readers(Optional.empty()), ledger.batches(), Optional::empty);
    }

    private void writeAll() throws IOException {
        for (Changed changed : ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty())) {
            files.write(changed);
        }
    }

    private void takeIn(String batch, Layout layout, List<Row> rows) {
        Intakes intakes = ledger.intakes();
        Intakes.OpenFile file = intakes.begin(intakes.openFile(batch, "ada"), batch, layout, taken -> false);
        intakes.record(file, rows);
        intakes.complete(file);
    }

    @Test
    void rowsThatWereNotYetLookedAtSayUnderWhichPauseTheyStand() throws Exception {
        takeIn("leavers", Rows.rows(1, 2));
        writeAll();
        assertThat(names("")).doesNotContain("results");
        ledger.pauses().pause(TENANT, Pause.EndsBy.RESUME, "operator", "Paused by ada.", "Resume.", "ada");
        writeAll();
        assertThat(lines("results/leavers.csv").get(1)).contains("Paused by ada.");
    }

    private List<String> lines(String file) throws IOException {
        return List.of(Files.readString(data.resolve(file)).split("\r\n"));
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(data.resolve(folder))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static Row invalid(String... cells) {
        return new Row.Invalid(
                2, List.of(cells), TENANT, "key-1", "wrong", "mend", String.join(",", cells) + "\nsecond line");
    }

    @Test
    void resultsHoldTheInputsOwnColumnsFirstAndThenOurs() throws Exception {
        makeReady("leavers", Rows.rows(1, 1));
        send(Outcome.DEPROVISIONED);
        writeAll();

        String text = Files.readString(data.resolve("results/leavers.csv"), StandardCharsets.UTF_8);
        assertThat(text).startsWith("\ufeffmanagedDeviceId,deprovisionReason," + ADDED + "\r\n");
        assertThat(lines("results/leavers.csv").get(1))
                .startsWith(Rows.id(1) + ",lost,deprovisioned,,,CB-1,5CD1,ada@example.org,,2,done,204,,1,graph-1,")
                .contains("2026-11-24T08:00:00Z,2026-11-24T08:00:00Z");
        assertThat(names("results")).containsExactly("leavers.csv");
        assertThat(names("dead-letter")).isEmpty();
    }

    @Test
    void theInputsDelimiterIsKept() throws Exception {
        takeIn("leavers", new Layout(List.of("a", "b"), ';'), List.of(invalid("x;y", "z")));
        writeAll();
        assertThat(lines("results/leavers.csv").get(0)).startsWith("\ufeffa;b;outcome;error");
        assertThat(lines("results/leavers.csv").get(1)).startsWith("\"x;y\";z;invalid;wrong;mend;;;;;2;failed;");
    }

    @Test
    void deadLettersHoldTheFailedAndUnknownOnesAndTheirRawText() throws Exception {
        makeReady("leavers", Rows.rows(10, 2));
        send(Outcome.DEPROVISIONED);
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        readBackInVain();
        writeAll();
        takeIn("broken", new Layout(List.of("a"), ','), List.of(invalid("x")));
        writeAll();

        assertThat(lines("dead-letter/leavers.csv")).hasSize(2);
        assertThat(lines("dead-letter/leavers.csv").get(0)).endsWith("requestId,raw");
        assertThat(lines("dead-letter/leavers.csv").get(1)).contains(",lost,unknown,\"No answer.");
        assertThat(lines("dead-letter/broken.csv").get(1)).endsWith(",key-1,\"x\nsecond line\"");
        assertThat(lines("results/broken.csv").get(0)).endsWith("requestId");
        assertThat(files.deadLettersOf("leavers")).isPresent();
    }

    @Test
    void aCellThatASpreadsheetWouldRunGetsAnApostrophe() throws Exception {
        takeIn(
                "leavers",
                new Layout(List.of("=a", "b", "c", "d", "e", "f", "g", "h"), ','),
                List.of(invalid("=1+1", "+1", "-1", "@x", "\tx", "'x", "a=b", "")));
        writeAll();
        assertThat(lines("results/leavers.csv").get(0)).startsWith("\ufeff'=a,b,c,");
        assertThat(lines("results/leavers.csv").get(1)).startsWith("'=1+1,'+1,'-1,'@x,'\tx,''x,a=b,,invalid,wrong,");
        assertThat(lines("dead-letter/leavers.csv").get(1)).contains("\"'=1+1,+1");
    }

    @Test
    void filesAreWrittenAnewWhenTheyAreAsWeLeftThem() throws Exception {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.pauses()
                .pause(TENANT, org.deprovisioner.ledger.Pause.EndsBy.RESUME, "user", "Paused.", "Resume.", "ada");
        writeAll();
        assertThat(lines("results/leavers.csv").get(1)).startsWith(Rows.id(1) + ",lost,,Paused.,,CB-1,");
        ledger.pauses().resume(TENANT, "ada");
        send(Outcome.DEPROVISIONED);
        writeAll();
        assertThat(names("results")).containsExactly("leavers.csv");
        assertThat(lines("results/leavers.csv").get(1)).contains("deprovisioned");
    }

    @Test
    void aFileThatSomebodyChangedIsLeftAloneAndTheNextNumberIsWritten() throws Exception {
        Path results = Files.createDirectories(data.resolve("results"));
        makeReady("leavers", Rows.rows(1, 2));
        sendAll(Outcome.REJECTED_BY_GRAPH);
        writeAll();
        Files.writeString(results.resolve("leavers.csv"), "my notes");
        Files.setLastModifiedTime(
                data.resolve("dead-letter/leavers.csv"), FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));

        for (int i = 0; i < 2; i++) {
            files.write(new Changed("leavers", LAYOUT, 100 + i));
            assertThat(Files.readString(results.resolve("leavers.csv"))).isEqualTo("my notes");
            assertThat(names("results")).containsExactly("leavers.1.csv", "leavers.csv");
            assertThat(names("dead-letter")).containsExactly("leavers.1.csv", "leavers.csv");
        }
        assertThat(lines("results/leavers.1.csv")).hasSize(3);
    }

    @Test
    void aFileThatWeNeverWroteIsNotOverwritten() throws Exception {
        Files.createDirectories(data.resolve("results"));
        Files.writeString(data.resolve("results/leavers.csv"), "mine");
        makeReady("leavers", Rows.rows(1, 1));
        send(Outcome.DEPROVISIONED);
        writeAll();
        assertThat(Files.readString(data.resolve("results/leavers.csv"))).isEqualTo("mine");
        assertThat(names("results")).contains("leavers.1.csv");
    }

    /** Files whose place somebody refuses us, as Windows does while one is open. */
    private ResultFiles refusing(Predicate<Path> refused) {
        OwnFiles.Replacement replacement = (file, place) -> {
            if (refused.test(place)) {
                throw new AccessDeniedException(place.toString());
            }
            Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
        };
        return new ResultFiles(
                new OwnFiles(data, "results", ".csv", new Readers(Optional.empty()), ledger.batches(), replacement),
                new OwnFiles(data, "dead-letter", ".csv", new Readers(Optional.empty()), ledger.batches(), replacement),
                ledger.batches(),
                Optional::empty);
    }

    @Test
    void aFileThatIsOpenIsNotTakenForOneThatSomebodyChanged() throws Exception {
        makeReady("leavers", Rows.rows(1, 1));
        sendAll(Outcome.DEPROVISIONED);
        writeAll();
        Path usual = data.resolve("results/leavers.csv");
        ResultFiles whileItIsOpen = refusing(usual::equals);
        List<String> said = Said.by(OwnFiles.class, () -> whileItIsOpen.write(new Changed("leavers", LAYOUT, 100)));
        assertThat(said).singleElement().asString().contains("leavers.csv is open in another program");
        assertThat(whileItIsOpen.resultsOf("leavers")).isEqualTo(data.resolve("results/leavers.1.csv"));

        assertThat(Said.by(OwnFiles.class, () -> files.write(new Changed("leavers", LAYOUT, 101))))
                .isEmpty();
        assertThat(files.resultsOf("leavers")).isEqualTo(usual);
    }

    @Test
    void aFolderThatRefusesEveryNameEndsTheSearchForAFreeOne() throws Exception {
        makeReady("leavers", Rows.rows(1, 1));
        sendAll(Outcome.DEPROVISIONED);
        writeAll();
        ResultFiles refused = refusing(place -> true);
        for (int number = 1; number < 10; number++) {
            Path other = data.resolve("results/leavers." + number + ".csv");
            Files.writeString(other, "");
            ledger.batches()
                    .files()
                    .mark(
                            "results/leavers." + number + ".csv",
                            new Mark(0, Files.getLastModifiedTime(other).toMillis()));
        }
        assertThatThrownBy(() -> refused.write(new Changed("leavers", LAYOUT, 100)))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(names("results")).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void theNextNumberIsNeverTheFileOfAnotherBatch() throws Exception {
        makeReady("leavers.1", Rows.rows(1, 1));
        makeReady("leavers", Rows.rows(2, 1));
        sendAll(Outcome.DEPROVISIONED);
        writeAll();
        Files.writeString(data.resolve("results/leavers.csv"), "my notes");
        files.write(new Changed("leavers", LAYOUT, 100));
        assertThat(lines("results/leavers.1.csv").get(1)).startsWith(Rows.id(1));
        assertThat(lines("results/leavers.2.csv").get(1)).startsWith(Rows.id(2));
    }

    @Test
    void aBatchOfMessagesFillsCellsThatOlderRowsDoNotHave() throws Exception {
        takeInMessage("a", "desk", Optional.empty(), List.of("a"), List.of(invalid("x")));
        takeInMessage("b", "desk", Optional.empty(), List.of("ticket"), List.of(invalid("T-1")));
        writeAll();
        assertThat(lines("results/desk.csv").get(0)).startsWith("\ufeffa,ticket,outcome");
        assertThat(lines("results/desk.csv").get(1)).startsWith("x,,invalid,wrong,");
        assertThat(lines("results/desk.csv").get(2)).startsWith(",T-1,invalid,wrong");
    }

    @Test
    void whatIsPrintedIsWhatTheFileShows() throws Exception {
        makeReady("leavers", Rows.rows(1, 2));
        send(Outcome.DEPROVISIONED);
        ledger.attempts()
                .settle(beginOne(), new Finding(Outcome.REJECTED_BY_GRAPH, 400, "BadRequest", "=No.", "Mend."), "g");
        writeAll();
        StringWriter printed = new StringWriter();
        files.print("leavers", LAYOUT, printed);
        assertThat("\ufeff" + printed).isEqualTo(Files.readString(files.resultsOf("leavers")));
    }
}
