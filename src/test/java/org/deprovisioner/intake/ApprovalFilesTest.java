package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.Said;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.guard.Guards;
import org.deprovisioner.guard.Limits;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalFilesTest extends LedgerFixture {

    private boolean fourEyes;

    private ApprovalFiles files() {
        return new ApprovalFiles(
                data,
                ledger.approvals(),
                new FourEyes(fourEyes, java.util.Map.of()),
                Duration.ZERO,
                new FileFaults(System::nanoTime));
    }

    private Path done(String name) {
        return data.resolve("approvals").resolve("done").resolve(name);
    }

    @BeforeEach
    void holdABatch() {
        hold("leavers");
    }

    private String hold(String batch) {
        String name = takeIn(batch, Rows.rows(1 + 10 * batch.length(), 3));
        guardAsOverTheLimit();
        return name;
    }

    private void guardAsOverTheLimit() {
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.limits(2, 1_000, 50))::judge);
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(Files.createDirectories(data.resolve("approvals")).resolve(name), content);
    }

    private Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** What is said of a file beside the place where it comes to rest. */
    private String take(Path file) throws IOException {
        return take(file, String.valueOf(file.getFileName()));
    }

    private String take(Path file, String resting) throws IOException {
        files().take(file.toFile());
        assertThat(file).doesNotExist();
        assertThat(done(resting)).exists();
        return Files.readString(done(resting + ".outcome.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leavers", "leavers.txt", "LEAVERS.TXT"})
    void aFileNamedLikeTheBatchThatHoldsTheNumberReleasesIt(String name) throws Exception {
        assertThat(take(file(name, "3\r\n")))
                .contains(name, Files.getOwner(data).getName(), "Released: 3 devices");
        assertThat(standings("leavers")).containsOnly("ready");
    }

    @Test
    void whatNotepadAndPowerShellWriteIsRead() throws Exception {
        assertThat(take(file("leavers.txt", "\uFEFF3\r\n".getBytes(StandardCharsets.UTF_16LE))))
                .contains("Released");
        hold("movers");
        assertThat(take(file("movers.txt", "\uFEFF3"))).contains("Released");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "three", "3 devices", "-3", "0", "3\n3", "99999999999999999999"})
    void anyOtherContentReleasesNothing(String content) throws Exception {
        assertThat(take(file("leavers.txt", content))).doesNotContain("Released:");
        assertThat(standings("leavers")).containsOnly("held");
        assertThat(refusals()).singleElement().asString().contains("batch=leavers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaver.txt", "leavers.csv", "leavers.txt.txt", "leavers-2", ".txt"})
    void anyOtherNameReleasesNothing(String name) throws Exception {
        assertThat(take(file(name, "3"))).contains("leavers").doesNotContain("Released:");
        assertThat(standings("leavers")).containsOnly("held");
        assertThat(refusals()).hasSize(1);
    }

    @Test
    void aFileThatIsNamedLikeNoBatchIsToldWhichAreHeld() throws Exception {
        List<String> said = Said.by(ApprovalFiles.class, () -> take(file("leavrs.txt", "3")));
        assertThat(said)
                .singleElement()
                .asString()
                .contains("Not released", "There is no batch 'leavrs.txt'", "Held now: leavers.");
    }

    @Test
    void whatCannotBeTakenForANumberIsSaidInTheLogWithItsRemedy() throws Exception {
        List<String> said = Said.by(ApprovalFiles.class, () -> take(file("leavers.txt", "about 3")));
        assertThat(said).singleElement().asString().contains("leavers.txt", "nothing else", "Write just that number");
    }

    /** What the audit log is told of approvals that released nothing. */
    private List<String> refusals() {
        return ledger.audit().waiting(1_000).stream()
                .map(entry -> entry.fields().toString())
                .filter(told -> told.contains("not-approved"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "leavers, leavers.txt, leavers.txt",
        "leavers, leavers.txt, leavers",
        "leavers, leavers.txt, leavers.txt.txt",
        "leavers, leavers.txt, LEAVERS.TXT",
        "leavers, LEAVERS, Leavers.txt",
        "leavers, 'leavers .txt', leavers.txt",
        "leavers, leavers., leavers..txt",
        "m\u00fcller, mu\u0308ller, m\u00fcller.txt",
        "\uff4ceavers, leavers, leavers.txt",
    })
    void aNameThatCouldMeanTwoBatchesReleasesNeither(String one, String other, String file) throws Exception {
        renameAsAnOldLedgerHasIt(hold("first"), one);
        renameAsAnOldLedgerHasIt(hold("second"), other);
        assertThat(take(file(file, "3"))).contains("more than one batch", "none is released");
        assertThat(standings(one)).containsOnly("held");
        assertThat(standings(other)).containsOnly("held");
        assertThat(approve(other, 3)).as("by its whole name").isTrue();
    }

    @Test
    void neitherIsReleasedWhereOneOfThemIsNotEvenHeld() throws Exception {
        renameAsAnOldLedgerHasIt(makeReady("settled", Rows.rows(900, 1)), "leavers.txt");
        assertThat(take(file("leavers.txt", "3"))).contains("leavers, leavers.txt", "none is released");
        assertThat(standings("leavers")).containsOnly("held");
    }

    @Test
    void aBatchOfBeforeWhoseNameEndsInTxtIsReleasedByItsWholeName() throws Exception {
        renameAsAnOldLedgerHasIt(hold("old"), "big.txt");
        assertThat(take(file("big", "3"))).contains("is named big.txt.txt");
        assertThat(standings("big.txt")).containsOnly("held");
        assertThat(take(file("BIG.txt", "3"))).contains("Released");
    }

    @Test
    void theNormalFormOfAFilesNameDoesNotMatter() throws Exception {
        hold("m\u00fcller");
        assertThat(take(file("mu\u0308ller.txt", "3"))).contains("Released");
    }

    /** No new batch gets such a name; and what was recorded before has no key of approval yet. */
    private void renameAsAnOldLedgerHasIt(String batch, String name) throws Exception {
        try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
                Statement statement = old.createStatement()) {
            if (!batch.equals(name)) {
                statement.executeUpdate("delete from unit where batch = '" + name + "'");
                statement.executeUpdate("delete from request where batch = '" + name + "'");
                statement.executeUpdate("delete from batch where name = '" + name + "'");
            }
            statement.executeUpdate("update batch set approval_key = null, name = '" + name + "', name_key = '"
                    + name.toLowerCase(Locale.ROOT) + "|" + batch + "' where name = '" + batch + "'");
            statement.executeUpdate("update unit set batch = '" + name + "' where batch = '" + batch + "'");
            statement.executeUpdate("update request set batch = '" + name + "' where batch = '" + batch + "'");
        }
    }

    @Test
    void aLinkIsNeverFollowed() throws Exception {
        Path number = Files.writeString(data.resolve("number"), "3");
        Path link = Files.createDirectories(data.resolve("approvals")).resolve("leavers.txt");
        Files.createLink(link, number);
        assertThat(take(link)).doesNotContain("Released:");
        Files.createSymbolicLink(link, number);
        files().take(link.toFile());
        assertThat(link).doesNotExist();
        assertThat(standings("leavers")).containsOnly("held");
    }

    @Test
    void underFourEyesTheOwnerOfTheBatchsFileReleasesNothing() throws Exception {
        fourEyes = true;
        String me = Files.getOwner(data).getName();
        var intakes = ledger.intakes();
        var mine = intakes.begin(intakes.openFile("mine.csv", me), "mine", LAYOUT, taken -> false);
        intakes.record(mine, Rows.rows(100, 3));
        intakes.complete(mine);
        guardAsOverTheLimit();

        assertThat(take(file("mine.txt", "3"))).contains("'mine' stays held", me, "may not approve");
        assertThat(standings("mine")).containsOnly("held");
        assertThat(take(file("leavers.txt", "3"))).contains("Released");
    }

    @Test
    void aSecondFileOfTheSameNameDoesNotTakeThePlaceOfTheFirst() throws Exception {
        assertThat(take(file("leavers.txt", "2"))).contains("stays held");
        assertThat(take(file("leavers.txt", "3"), "leavers.txt-2")).contains("Released");
        assertThat(done("leavers.txt")).hasContent("2");
    }

    @Test
    void noFileOfAUserIsOverwrittenByAnApprovalOrItsOutcome() throws Exception {
        Path mine = file("done", "");
        Files.delete(mine);
        Files.createDirectory(mine);
        Files.writeString(done("leavers.txt"), "mine");
        Files.writeString(done("leavers.txt-2.outcome.txt"), "mine, too");
        assertThat(take(file("leavers.txt", "3"), "leavers.txt-3")).contains("Released");
        assertThat(done("leavers.txt")).hasContent("mine");
        assertThat(done("leavers.txt-2.outcome.txt")).hasContent("mine, too");
    }

    @Test
    void aFileThatCannotBeMovedAwayApprovesNothingAndIsSaidWithItsRemedy() throws Exception {
        Path approval = file("leavers.txt", "3");
        Path inTheWay = file("done", "");
        List<String> said = Said.by(FileFaults.class, () -> files().take(approval.toFile()));
        assertThat(said).hasSize(1);
        assertThat(said.get(0)).contains("leavers.txt", "releases nothing", "tried again", "Is it open");
        assertThat(approval).exists();
        assertThat(standings("leavers")).containsOnly("held");

        Files.delete(inTheWay);
        assertThat(take(approval)).contains("Released");
        assertThat(standings("leavers")).containsOnly("ready");
    }

    @Test
    void whatIsHeldOfTheBatchLaterIsNotReleasedByAnApprovalOfBefore() throws Exception {
        takeInMessage("first", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(200, 3));
        guardAsOverTheLimit();
        assertThat(take(file("desk.txt", "3"))).contains("Released");
        takeInMessage("second", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(300, 3));
        guardAsOverTheLimit();

        files().sayWhatWasCutOff();
        assertThat(standings("desk")).containsExactly("ready", "ready", "ready", "held", "held", "held");
    }

    @Test
    void anApprovalThatACrashCutOffIsNotReadAgainAndSaidSo() throws Exception {
        Files.move(file("leavers.txt", "3"), Files.createDirectories(done("")).resolve("leavers.txt"));
        List<String> said = Said.by(ApprovalFiles.class, () -> files().sayWhatWasCutOff());
        assertThat(said).hasSize(1);
        assertThat(said.get(0)).contains("leavers.txt", "not read again", "deprovision status", "once more");
        assertThat(done("leavers.txt.outcome.txt")).hasContent(said.get(0));
        assertThat(standings("leavers")).containsOnly("held");
        assertThat(Said.by(ApprovalFiles.class, () -> files().sayWhatWasCutOff()))
                .isEmpty();
    }

    @Test
    void whileTheLedgerCannotBeWrittenTheApprovalIsToldToBeGivenAgain() throws Exception {
        Path approval = file("leavers.txt", "3");
        ApprovalFiles files = files();
        ledger.close();
        List<String> said = Said.by(ApprovalFiles.class, () -> files.take(approval.toFile()));
        assertThat(said).hasSize(1);
        assertThat(said.get(0)).contains("leavers.txt", "not read again", "once more");
        ledger = open();
        assertThat(standings("leavers")).containsOnly("held");
    }
}
