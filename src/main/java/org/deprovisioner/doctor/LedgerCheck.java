package org.deprovisioner.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deprovisioner.audit.LedgerBesideLog;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.StoreException;
import org.deprovisioner.store.StoreRefusedException;
import org.deprovisioner.text.Counted;

/** The ledger: whether it can be used, and what in it stops the sending. */
public final class LedgerCheck implements Check {

    private static final String CHECK = "ledger";

    private final Settings settings;
    private final Clock clock;

    public LedgerCheck(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<Remark> look() {
        List<Remark> remarks = new ArrayList<>();
        try {
            remarks.addAll(
                    Ledger.isOlder(settings.ledgerDatabase())
                            ? List.of(older())
                            : look(new LedgerBesideLog(settings.data(), settings.ledgerDatabase(), clock)));
        } catch (StoreRefusedException refused) {
            remarks.add(Remark.wrong(CHECK, "", String.valueOf(refused.getMessage()), ""));
        } catch (StoreException | IOException broken) {
            remarks.add(Remark.unreachable(CHECK, "", String.valueOf(broken.getMessage()), ""));
        }
        if (Files.exists(settings.data())) {
            Brakes.stopFile(settings.data())
                    .ifPresent(stop -> remarks.add(Remark.warning(
                            CHECK, "", "The file " + stop + " stops every call.", "Remove it to go on.")));
        }
        return remarks;
    }

    private List<Remark> look(LedgerBesideLog beside) throws IOException {
        List<Remark> weaknesses = weaknesses(settings.ledgerDatabase());
        if (beside.isNewInstallation()) {
            return Stream.concat(
                            Stream.of(Remark.ok(CHECK, "", "It is not there yet; the first start makes it.")),
                            weaknesses.stream())
                    .toList();
        }
        try (Ledger ledger = beside.open(false)) {
            List<Progress> batches = ledger.batches().all();
            String words = "It can be read and written, and is of this version; it holds %s and %s."
                    .formatted(
                            Counted.of(batches.size(), "batch", "batches"),
                            Counted.of(
                                    batches.stream().mapToLong(Progress::rows).sum(), "row"));
            Stream<Remark> waiting = ledger
                    .protectedLists()
                    .of(settings.guard().protectedDevices())
                    .map(ProtectedLists.KeptList::waiting)
                    .filter(why -> !why.isEmpty())
                    .map(why -> Remark.warning(ProtectedListCheck.CHECK, "", why, ""))
                    .stream();
            return Stream.of(
                            Stream.of(Remark.ok(CHECK, "", words)),
                            weaknesses.stream(),
                            waiting,
                            ledger.pauses().all().stream().map(LedgerCheck::paused))
                    .flatMap(Function.identity())
                    .toList();
        }
    }

    /** A server is asked before there are tables, too: what is wrong with it would else be learnt at the first start. */
    private static List<Remark> weaknesses(Database database) {
        return database.isShared()
                ? Ledger.weaknesses(database).stream()
                        .map(weak -> Remark.warning(CHECK, "", weak.words(), weak.remedy()))
                        .toList()
                : List.of();
    }

    /** Nothing but the start of a service may bring it up to date: until then no command works on it. */
    private Remark older() throws IOException {
        Optional<Path> file = Ledger.place(settings.ledgerDatabase());
        if (file.isEmpty()) {
            return Remark.wrong(
                    CHECK,
                    "",
                    "It is of an older version of this program.",
                    "Back it up with the database's own tools, stop the services of that version on all machines, and start"
                            + " one of this version with 'deprovision run --migrate'.");
        }
        Path ledger = file.get();
        long megabytes = Files.size(ledger) / 1_000_000 + 1;
        boolean hasRoom = Files.getFileStore(ledger).getUsableSpace() / 1_000_000 > megabytes;
        String words = ledger
                + " is of an older version of this program. The next start of the service copies it (%,d MB)"
                        .formatted(megabytes);
        return hasRoom
                ? Remark.wrong(CHECK, "", words + " and brings it up to date.", "Restart the service: deprovision run")
                : Remark.wrong(
                        CHECK,
                        "",
                        words + ", and there is no room for that.",
                        "Make room on the disk, then restart the service: deprovision run");
    }

    private static Remark paused(Pause pause) {
        return Remark.warning(
                CHECK, pause.scope(), "Paused since " + pause.since() + ": " + pause.message(), pause.remedy());
    }
}
