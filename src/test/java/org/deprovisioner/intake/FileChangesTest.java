package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.guard.FileChanges;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.rights.Readers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that change after they were read, such as a copy that paused for longer than the inbox waits. */
class FileChangesTest extends LedgerFixture {

    private static final String HEADER = "managedDeviceId,reason\n";

    private FileIntake intake;
    private FileChanges changes;
    private Path archived;

    @BeforeEach
    void makeInbox() throws IOException {
        RequestRules rules =
                new RequestRules(Set.of(TENANT), Optional.of(TENANT), Optional.empty(), Set.of(), true, Set.of());
        intake = new FileIntake(data, new Readers(Optional.empty()), rules, ledger.intakes(), ledger.takenFiles());
        changes = new FileChanges(data, ledger.takenFiles(), clock::nanoTime);
        Files.createDirectories(data.resolve("inbox/.working"));
        archived = data.resolve("archive/slow.csv");
    }

    private static String rows(int first, int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = first; i < first + count; i++) {
            rows.append(Rows.id(i)).append(",lost\n");
        }
        return rows.toString();
    }

    private Path collect(String content) throws IOException {
        return intake.collect(
                Files.writeString(data.resolve("inbox/slow.csv"), content).toFile());
    }

    private void takeIn(int rows) throws Exception {
        assertThat(intake.takeIn(collect(HEADER + rows(1, rows)).toFile())).isEqualTo(archived);
        resolveAll();
    }

    /** As a writer does that has the file open while it is moved. */
    private void grow() throws IOException {
        Files.writeString(archived, rows(100, 15), StandardOpenOption.APPEND);
    }

    private void look() {
        clock.pass(Duration.ofSeconds(1));
        changes.look(10).forEach(changes::act);
    }

    private Units.Verdict guard() {
        Units.Unit unit = onlyUnit();
        Optional<Units.Verdict.Hold> objection = changes.objection(unit);
        return ledger.units()
                .guard(
                        unit,
                        counts -> objection.<Units.Verdict>map(held -> held).orElseGet(Units.Verdict.LetThrough::new));
    }

    private List<Pause> pauses() {
        return ledger.pauses().all();
    }

    @Test
    void aFileThatStaysAsItWasReadIsLetThroughAndStaysSo() throws Exception {
        takeIn(2);
        Files.setLastModifiedTime(archived, FileTime.from(Instant.parse("2030-01-01T00:00:00Z"))); // touched
        assertThat(guard()).isInstanceOf(Units.Verdict.LetThrough.class);
        look();
        assertThat(standings("slow")).containsOnly("ready");
        assertThat(pauses()).isEmpty();
    }

    @Test
    void oneThatGrewBeforeTheGuardIsHeldAndSaysWhatToDo() throws Exception {
        takeIn(2);
        grow();
        assertThat(guard()).isInstanceOfSatisfying(Units.Verdict.Hold.class, hold -> {
            assertThat(hold.why()).contains("archive/slow.csv", "changed after it was read", "bytes");
            assertThat(hold.remedy()).contains("deprovision cancel slow", "drop archive/slow.csv into the inbox again");
        });
        assertThat(standings("slow")).containsOnly("held");
        look();
        assertThat(pauses()).isEmpty();
        assertThat(approve("slow", 2)).isTrue();
        look();
        assertThat(standings("slow")).as("a person has decided").containsOnly("ready");
    }

    @Test
    void oneThatChangedWhileItWasReadOrBetweenTwoStartsIsHeld() throws Exception {
        Path working = collect(HEADER + rows(1, 3));
        String name = String.valueOf(working.getFileName());
        ledger.takenFiles()
                .reading(
                        WorkingName.parse(name).intake(),
                        "inbox/.working/" + name,
                        FileChanges.stamp(working)); // and then a crash
        Files.writeString(working, rows(4, 2), StandardOpenOption.APPEND);
        intake.takeIn(working.toFile());
        resolveAll();
        assertThat(guard()).isInstanceOf(Units.Verdict.Hold.class);
    }

    @Test
    void oneOfTheSameSizeAndTimeOfChangeButOtherContentIsHeld() throws Exception {
        takeIn(2);
        Files.writeString(archived, Files.readString(archived).replace("lost", "lent"));
        assertThat(guard())
                .isInstanceOfSatisfying(
                        Units.Verdict.Hold.class, hold -> assertThat(hold.why()).contains("bytes have changed"));
    }

    @Test
    void oneThatChangesBetweenTheGuardAndTheFirstCallIsHeld() throws Exception {
        takeIn(2);
        guard();
        var leased = leaseOne();
        grow();
        look();
        assertThat(standings("slow")).containsOnly("held");
        assertThat(ledger.attempts().begin(leased, "c"))
                .as("a call that was about to be made")
                .isFalse();
        assertThat(results("slow").get(0).error()).contains("changed after it was read");
    }

    @Test
    void oneThatChangesLaterPausesItsBatchAloneUntilResume() throws Exception {
        takeIn(3);
        guard();
        send(Outcome.DEPROVISIONED);
        grow();
        look();
        assertThat(pauses()).singleElement().satisfies(pause -> {
            assertThat(pause.scope()).isEqualTo(Pause.ofBatch("slow"));
            assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
            assertThat(pause.message()).contains("archive/slow.csv");
            assertThat(pause.remedy()).contains("deprovision resume slow", "end as duplicate");
        });
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();

        ledger.pauses().resume(Pause.ofBatch("slow"), "ada");
        look();
        assertThat(pauses()).as("the same change").isEmpty();
        grow();
        look();
        assertThat(pauses()).as("another one").hasSize(1);
    }

    @Test
    void oneThatGrowsOnAfterAllItsRowsEndedIsSaidForAnHourAndOneThatIsEditedIsNot() throws Exception {
        takeIn(1);
        guard();
        send(Outcome.DEPROVISIONED);
        Files.writeString(archived, HEADER + rows(7, 3)); // mended, to be dropped again
        look();
        assertThat(pauses()).isEmpty();
        grow();
        look();
        assertThat(pauses()).hasSize(1);

        ledger.pauses().resume(Pause.ofBatch("slow"), "ada");
        clock.pass(Duration.ofHours(2));
        look();
        grow();
        look();
        assertThat(pauses()).isEmpty();
    }

    @Test
    void oneThatIsTakenAwayIsInNobodysWay() throws Exception {
        takeIn(2);
        Files.delete(archived);
        assertThat(guard()).isInstanceOf(Units.Verdict.LetThrough.class);
        look();
        assertThat(standings("slow")).containsOnly("ready");
    }
}
