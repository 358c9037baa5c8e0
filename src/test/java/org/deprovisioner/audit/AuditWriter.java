package org.deprovisioner.audit;

import java.nio.file.Path;
import java.time.Clock;
import org.deprovisioner.ledger.Ledger;

/** A process that appends to the audit log of a data folder, again and again, until it is killed. */
public final class AuditWriter {

    private AuditWriter() {}

    /** Appends whatever there is to tell of the ledger in the data folder that is named. */
    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        try (Ledger ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.db"), Clock.systemUTC())) {
            AuditLog log = new AuditLog(data, ledger.audit());
            System.out.println("Writing.");
            while (true) {
                log.append();
            }
        }
    }
}
