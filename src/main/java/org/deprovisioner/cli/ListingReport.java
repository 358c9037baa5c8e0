package org.deprovisioner.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deprovisioner.listing.Progress;
import org.deprovisioner.listing.Tally;
import org.deprovisioner.report.Exit;

/** What a list of devices holds, what it leaves out, and what it lacks: said beside the list, to whoever waits for it. */
final class ListingReport implements Progress {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Terminal err;
    private final List<Tally> tallies = new ArrayList<>();
    private long told = System.nanoTime();

    ListingReport(Terminal err) {
        this.err = err;
    }

    @Override
    public void read(Tally tally) {
        if (System.nanoTime() - told > BETWEEN_LINES.toNanos()) {
            told = System.nanoTime();
            waits("%s read so far, %,d of them listed.".formatted(devices(tally.read()), tally.passed()));
        }
    }

    @Override
    public void waits(String sentence) {
        err.println(sentence);
        err.flush();
    }

    /** All that can be had of a tenant was read. */
    void listed(String tenant, Tally tally) {
        tallies.add(tally);
        err.println("Tenant '%s': %s listed of %,d that were read."
                .formatted(tenant, devices(tally.passed()), tally.read()));
        if (!tally.leftOut().isEmpty()) {
            err.println("Left out: "
                    + tally.leftOut().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(why -> "%,d %s"
                                    .formatted(why.getValue(), why.getKey().words()))
                            .collect(Collectors.joining("; "))
                    + ".");
        }
        if (tally.twice() > 0) {
            err.println("%,d came more than once, and %s listed once."
                    .formatted(tally.twice(), tally.twice() == 1 ? "is" : "are"));
        }
        missing(tally);
        err.flush();
    }

    private void missing(Tally tally) {
        if (tally.unreadable() > 0) {
            err.println(
                    "MISSING: %,d %s of Graph's list %s not like a device, and left out. Run it again; if that stays, look"
                                    .formatted(
                                            tally.unreadable(),
                                            tally.unreadable() == 1 ? "entry" : "entries",
                                            tally.unreadable() == 1 ? "is" : "are")
                            + " for them in Intune.");
        }
        if (tally.pagesOfOldDevices() > 0 && tally.cut().isEmpty()) {
            err.println(
                    "PERHAPS MISSING: %,d %s of Graph's list held only devices that had come before. Whether others belong"
                                    .formatted(
                                            tally.pagesOfOldDevices(),
                                            tally.pagesOfOldDevices() == 1 ? "page" : "pages")
                            + " in their place cannot be known. Run it again.");
        }
        tally.cut()
                .ifPresent(cut -> err.println("MISSING: all devices after the %,d that were read, for %s. %s"
                        .formatted(tally.read(), cut.why().replaceFirst("[.]$", ""), cut.remedy())));
    }

    /** Values that no request may hold were left out. */
    void leftEmpty(long values) {
        if (values > 0) {
            err.println(
                    "%,d %s left empty, since no request may hold %s: a name with * or %%, or what cannot be seen. The id"
                                    .formatted(
                                            values,
                                            values == 1 ? "cell is" : "cells are",
                                            values == 1 ? "its value" : "their values")
                            + " tells the device.");
        }
    }

    /** What is to be done with the file now. */
    void nextSteps(Path file) {
        err.println("Written: " + file);
        if (tallies.stream().anyMatch(tally -> tally.passed() > 0)) {
            err.println(
                    "Fill in deprovisionReason where a device is to be deprovisioned, and delete the other rows. Then:"
                            + " deprovision plan " + file);
        }
    }

    /** Whether a list was not read to its end. */
    boolean isCut() {
        return tallies.stream().anyMatch(tally -> tally.cut().isPresent());
    }

    Exit exit() {
        if (isCutBy(Tally.Kind.UNREACHABLE)) {
            return Exit.UNREACHABLE;
        } else if (isCutBy(Tally.Kind.REFUSED)) {
            return Exit.SETTINGS;
        }
        return tallies.stream().allMatch(Tally::isWhole) ? Exit.DONE : Exit.FAILED;
    }

    private boolean isCutBy(Tally.Kind kind) {
        return tallies.stream()
                .anyMatch(tally -> tally.cut().filter(cut -> cut.kind() == kind).isPresent());
    }

    private static String devices(long count) {
        return count == 1 ? "1 device" : "%,d devices".formatted(count);
    }
}
