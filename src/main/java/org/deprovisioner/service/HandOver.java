package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.deprovisioner.intake.FileOwner;
import org.deprovisioner.intake.WorkingName;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.report.Plan;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Sha256;

/** How a person hands a file over: it is whole and has its number, so that it waits for nothing in the inbox. */
public final class HandOver {

    private static final Duration FOR_THE_REASON = Duration.ofSeconds(3);

    private final Settings settings;
    private final Ledger ledger;

    /** To the service of these settings, be it running or not. */
    public HandOver(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    /**
     * A file that was handed over.
     *
     * @param intake its number in the ledger
     * @param path where it lies now
     */
    public record Placed(long intake, Path path) {}

    /**
     * Copies a file and hands the copy over.
     *
     * @param name what it is called
     * @param person who hands it over; the owner of the copy where that is not said
     * @param plan to be applied as a whole: nothing when the file or a device has changed since
     * @throws NotDoneException when the file is not the one that was planned
     */
    public Placed handOver(Path file, String name, Optional<String> person, Optional<Plan> plan) throws IOException {
        return handOver(file, name, person, plan, true, Optional.empty());
    }

    /**
     * The same of a file that was shown to somebody, and of whose plan the devices that have not changed are sent.
     *
     * @param shown the digest of what was shown: nothing is handed over when the file has changed
     */
    public Placed handOver(Path file, String name, Optional<String> person, Optional<Plan> plan, Optional<String> shown)
            throws IOException {
        return handOver(file, name, person, plan, false, shown);
    }

    private Placed handOver(
            Path file,
            String name,
            Optional<String> person,
            Optional<Plan> plan,
            boolean asAWhole,
            Optional<String> shown)
            throws IOException {
        Path inbox = Files.createDirectories(settings.data().resolve("inbox"));
        Path whole = Files.copy(
                file,
                inbox.resolve("." + UUID.randomUUID() + ".part"), // the routes do not see it yet
                StandardCopyOption.REPLACE_EXISTING);
        if (plan.isPresent() && !Sha256.of(whole).equals(plan.get().fileSha256())) {
            Files.delete(whole);
            throw new NotDoneException(
                    Exit.FAILED,
                    file
                            + " has changed since it was planned, so nothing of it is handed over. Make a new plan and look"
                            + " at it.");
        }
        if (shown.isPresent() && !Sha256.of(whole).equals(shown.get())) {
            Files.delete(whole);
            throw new NotDoneException(
                    Exit.FAILED,
                    file + " has changed since it was shown, so nothing of it is handed over. Look at it, and submit it"
                            + " again.");
        }
        if (settings.requests().dryRun()) {
            ledger.beDryRun(); // what is handed over to a dry run is never sent by a later service
        }
        String owner = person.isPresent() ? person.get() : FileOwner.of(whole);
        long intake = plan.isPresent()
                ? ledger.plans()
                        .openFile(plan.get().named(name), owner, plan.get().devices(), asAWhole)
                : ledger.intakes().openFile(name, owner);
        Path working = inbox.resolve(".working");
        OwnerAlone.folder(working);
        return new Placed(
                intake,
                Files.move(whole, working.resolve(WorkingName.of(intake, name).toString())));
    }

    /** The newest reason that was written for a file of this name since then, below a data folder. */
    public static String whyRejected(Path data, String name, long since) throws InterruptedException, IOException {
        Path rejected = data.resolve("rejected");
        String base = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        Optional<Path> newest = Await.first(FOR_THE_REASON, () -> newestReason(rejected, base, since));
        return newest.isPresent()
                ? Files.readString(newest.get()).strip()
                : name + " was rejected; the reason is in " + rejected + ".";
    }

    private static Optional<Path> newestReason(Path rejected, String base, long since) {
        try (Stream<Path> files = Files.list(rejected)) {
            return files.filter(path -> String.valueOf(path.getFileName()).startsWith(base))
                    .filter(path -> path.toString().endsWith(".reason.txt"))
                    .filter(path -> path.toFile().lastModified() >= since)
                    .max(Comparator.comparingLong(path -> path.toFile().lastModified()));
        } catch (IOException notThereYet) {
            return Optional.empty();
        }
    }
}
