package org.deprovisioner.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.StoreRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the ledger of a data folder, held against what stands beside it. A ledger that is missing where there was one is
 * refused until a new one is meant, and one that knows less than its audit log is paused: both would send again what they
 * no longer know of.
 */
public final class LedgerBesideLog {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerBesideLog.class);

    /** How each line of the log begins; Jackson would take a command longer to load than the whole rest. */
    private static final Pattern ENTRY = Pattern.compile("^\\{\"number\":\\d+,\"entry\":(\\d{1,18}),");

    private final Path data;
    private final Database database;
    private final Clock clock;

    /**
     * @param data the folder that holds the audit log and the results
     * @param database the ledger's
     */
    public LedgerBesideLog(Path data, Database database, Clock clock) {
        this.data = data;
        this.database = database;
        this.clock = clock;
    }

    /** Whether there is no ledger, and nothing that was written from one. */
    public boolean isNewInstallation() throws IOException {
        return !Ledger.isThere(database) && traces().isEmpty();
    }

    /** As {@link Ledger#open}. */
    public Ledger open(boolean newOneIsMeant) throws IOException {
        return open(newOneIsMeant, Ledger::open);
    }

    /** As {@link Ledger#openAlone}. */
    public Ledger openAlone(boolean newOneIsMeant) throws IOException {
        return open(newOneIsMeant, Ledger::openAlone);
    }

    /** What stands beside a ledger and was written from one; empty on a new installation. */
    private List<Path> traces() throws IOException {
        return Stream.concat(
                        new LogFolder(data)
                                .files().stream().filter(file -> file.toFile().length() > 0),
                        filesOf(data.resolve("results")).stream())
                .limit(1)
                .toList();
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .toList();
        }
    }

    private Ledger open(boolean newOneIsMeant, BiFunction<Database, Clock, Ledger> opening) throws IOException {
        if (database.isShared()) {
            refuseBesideFile();
        }
        boolean isThere = Ledger.isThere(database);
        if (!isThere && !newOneIsMeant) {
            refuseBesideTraces();
        } else if (isThere && newOneIsMeant) {
            throw new StoreRefusedException("There is a ledger already, " + database + ", so no new one is made. Leave"
                    + " --new-ledger out: it is for the one start after which there is to be a new ledger.");
        }
        long newestInLog = newestInLog();
        Ledger ledger = opening.apply(database, clock);
        try {
            if (database.isShared()) {
                ledger.beNode(NodeId.of(data));
            }
            if (!isThere) {
                ledger.audit().goOnAfter(newestInLog);
            } else {
                pauseIfBehind(ledger, newestInLog);
            }
            return ledger;
        } catch (IOException | RuntimeException failed) {
            ledger.close();
            throw failed;
        }
    }

    /** Holds an open ledger of a server against the log once more: an old backup may have been put back meanwhile. */
    public void pauseIfBehind(Ledger ledger) throws IOException {
        pauseIfBehind(ledger, newestInLog());
    }

    private static void pauseIfBehind(Ledger ledger, long newestInLog) {
        if (ledger.audit().pauseIfBehind(newestInLog)) {
            ledger.pauses().all().forEach(pause -> LOG.error("{} {}", pause.message(), pause.remedy()));
        }
    }

    /** The ledger of a server knows nothing of what one that is a file knows to be done. */
    private void refuseBesideFile() throws IOException {
        Path file = data.resolve("ledger.db");
        if (Files.exists(file) && Files.size(file) > 0) {
            throw new StoreRefusedException("The ledger is " + database + ", but there is one in " + file
                    + " as well, and the other knows nothing of what it knows to be done: that could be sent again."
                    + " Nothing was changed. Copy all of it with 'deprovision ledger import'; or, if it is to be forgotten,"
                    + " move it out of the data folder.");
        }
    }

    private void refuseBesideTraces() throws IOException {
        List<Path> traces = traces();
        if (!traces.isEmpty()) {
            throw new StoreRefusedException("The ledger " + database + " is missing or empty, but there was one: "
                    + traces.get(0) + " was written from it. A new one would know of nothing that was done, and could"
                    + " send it again. Nothing was changed. Put the ledger back (ledger.db, and ledger.db-wal if there is"
                    + " one), or a copy that 'deprovision backup' made. If a new ledger is meant: 'deprovision run"
                    + " --new-ledger', once.");
        }
    }

    /** The number of the newest entry that the log has whole; 0 when it has none. */
    private long newestInLog() throws IOException {
        List<Path> files = new LogFolder(data).files();
        for (int i = files.size() - 1; i >= 0; i--) {
            List<String> lines = AuditLog.lastLines(files.get(i), 1);
            for (int line = lines.size() - 1; line >= 0; line--) {
                Matcher entry = ENTRY.matcher(lines.get(line));
                if (entry.find()) {
                    return Long.parseLong(entry.group(1));
                }
            }
        }
        return 0;
    }
}
