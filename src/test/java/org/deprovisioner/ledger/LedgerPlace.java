package org.deprovisioner.ledger;

import java.nio.file.Path;
import java.util.Optional;
import org.deprovisioner.store.RealPostgres;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where the ledger of a test is: in a file, but in a database of PostgreSQL of its own within {@link LedgerOnPostgresTest}. */
final class LedgerPlace implements BeforeEachCallback {

    static final String ON_POSTGRES = "ledger.on.postgres";

    private Optional<String> database = Optional.empty();

    @Override
    public void beforeEach(ExtensionContext test) {
        database = test.getConfigurationParameter(ON_POSTGRES).map(yes -> RealPostgres.newLedger());
    }

    String url(Path data) {
        return database.orElse("jdbc:sqlite:" + data.resolve("ledger.db"));
    }
}
