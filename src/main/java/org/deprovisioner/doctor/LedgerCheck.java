package org.deprovisioner.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.LedgerException;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.settings.Settings;

/** The ledger: whether it can be used, and what in it stops the sending. */
public final class LedgerCheck implements Check {

    private static final String CHECK = "ledger";
    private static final String SQLITE = "jdbc:sqlite:";

    private final Settings settings;
    private final Clock clock;

    public LedgerCheck(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<Remark> look() {
        String url = settings.ledgerUrl();
        if (url.startsWith(SQLITE) && Files.notExists(Path.of(url.substring(SQLITE.length())))) {
            return List.of(Remark.ok(CHECK, "", "It is not there yet; the first start makes it."));
        }
        List<Remark> remarks = new ArrayList<>();
        try (Ledger ledger = Ledger.open(url, clock)) {
            List<Progress> batches = ledger.batches().all();
            remarks.add(Remark.ok(
                    CHECK,
                    "",
                    "It can be read and written; %,d batches, %,d rows."
                            .formatted(
                                    batches.size(),
                                    batches.stream().mapToLong(Progress::rows).sum())));
            ledger.protectedLists()
                    .of(settings.guard().protectedDevices())
                    .map(ProtectedLists.Known::waiting)
                    .filter(why -> !why.isEmpty())
                    .ifPresent(why -> remarks.add(Remark.warning(ProtectedListCheck.CHECK, "", why, "")));
            ledger.pauses().all().forEach(pause -> remarks.add(paused(pause)));
        } catch (LedgerException broken) {
            remarks.add(Remark.unreachable(CHECK, "", String.valueOf(broken.getMessage()), ""));
        }
        if (Files.exists(settings.data())) {
            Brakes.stopFile(settings.data())
                    .ifPresent(stop -> remarks.add(Remark.warning(
                            CHECK, "", "The file " + stop + " stops every call.", "Remove it to go on.")));
        }
        return remarks;
    }

    private static Remark paused(Pause pause) {
        return Remark.warning(
                CHECK, pause.scope(), "Paused since " + pause.since() + ": " + pause.message(), pause.remedy());
    }
}
