package org.deprovisioner.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.deprovisioner.guard.Guards;
import org.deprovisioner.guard.Limits;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.rights.Readers;
import org.junit.jupiter.api.Test;

class HeldNotesTest extends LedgerFixture {

    @Test
    void aHeldBatchHasANoteThatSaysHowToReleaseItUntilItIsReleased() throws Exception {
        HeldNotes notes = new HeldNotes(data, new Readers(Optional.empty()), ledger.units(), ledger.batches());
        takeIn("leavers", Rows.rows(1, 3));
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.limits(2, 1_000, 50))::judge);
        notes.write("leavers");

        Path note = data.resolve("held/leavers.txt");
        assertThat(Files.readString(note))
                .contains("'leavers' is held", "max-per-batch", "deprovision 3 devices (3 rows)")
                .contains("cannot be undone remotely", "deprovision approve leavers\n", "deprovision 3 devices")
                .doesNotContain("--devices");

        assertThat(approve("leavers", 3)).isTrue();
        notes.write("leavers");
        notes.write("leavers");
        assertThat(note).doesNotExist();
    }

    private HeldNotes held(String... batches) {
        int device = 1;
        for (String batch : batches) {
            takeIn(batch, Rows.rows(device, 3));
            device += 10;
            resolveAll();
            ledger.units().guard(onlyUnit(), new Limits(Guards.limits(2, 1_000, 50))::judge);
        }
        return new HeldNotes(data, new Readers(Optional.empty()), ledger.units(), ledger.batches());
    }

    @Test
    void aNoteThatAUserWroteOrChangedIsNeitherOverwrittenNorTakenAway() throws Exception {
        Path mine = Files.createDirectories(data.resolve("held")).resolve("leavers.txt");
        Files.writeString(mine, "mine");
        HeldNotes notes = held("leavers", "movers");
        notes.write("leavers");
        assertThat(mine).hasContent("mine");
        assertThat(data.resolve("held/leavers.1.txt")).content().contains("is held");

        notes.write("movers");
        Path changed = data.resolve("held/movers.txt");
        Files.writeString(changed, "asked Bob", StandardOpenOption.APPEND);
        approve("leavers", 3);
        approve("movers", 3);
        notes.write("leavers");
        notes.write("movers");
        assertThat(mine).hasContent("mine");
        assertThat(data.resolve("held/leavers.1.txt")).doesNotExist();
        assertThat(changed).content().contains("asked Bob");
    }

    @Test
    void aNoteSaysExactlyWhichFileReleasesItsBatch() throws Exception {
        HeldNotes notes = held("Leavers May");
        notes.write("Leavers May");
        assertThat(data.resolve("held/Leavers May.txt"))
                .content()
                .contains("the number 3 and nothing else", "named exactly: Leavers May.txt");
    }
}
