package org.deprovisioner.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.deprovisioner.guard.Guards;
import org.deprovisioner.guard.Limits;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.junit.jupiter.api.Test;

class HeldNotesTest extends LedgerFixture {

    @Test
    void aHeldBatchHasANoteThatSaysHowToReleaseItUntilItIsReleased() throws Exception {
        HeldNotes notes = new HeldNotes(data, ledger.units(), ledger.batches());
        takeIn("leavers", Rows.rows(1, 3));
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.limits(2, 1_000, 50))::judge);
        notes.write("leavers");

        Path note = data.resolve("held/leavers.txt");
        assertThat(Files.readString(note))
                .contains("'leavers' is held", "max-per-batch", "deprovision 3 devices (3 rows)")
                .contains("cannot be undone", "deprovision approve leavers --devices 3");

        assertThat(approve("leavers", 3)).isTrue();
        notes.write("leavers");
        notes.write("leavers");
        assertThat(note).doesNotExist();
    }
}
