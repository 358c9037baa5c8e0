package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.deprovisioner.store.StoreException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("sqlite")
class BackupTest extends LedgerFixture {

    @Test
    void aCopyIsWholeForItsOwnerAloneAndCanBeStartedFrom() throws Exception {
        makeReady("leavers", Rows.rows(1, 100));
        Path copy = data.resolve("copy.db");
        ledger.backup(copy);
        assertThat(Ledger.verify(copy)).isEqualTo(100);
        assertThat(Files.getPosixFilePermissions(copy)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        sendAll(Outcome.DEPROVISIONED);
        try (Ledger restored = Ledger.open("jdbc:sqlite:" + copy, clock)) {
            assertThat(restored.claims().leaseReady(TENANT, 1_000)).hasSize(100);
        }
    }

    @Test
    void aDamagedCopyIsToldFromAWholeOne() throws Exception {
        makeReady("leavers", Rows.rows(1, 1_000));
        Path copy = data.resolve("copy.db");
        ledger.backup(copy);
        byte[] bytes = Files.readAllBytes(copy);
        java.util.Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 20_000, (byte) 7);
        Files.write(copy, bytes);
        assertThatThrownBy(() -> Ledger.verify(copy))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
    }
}
