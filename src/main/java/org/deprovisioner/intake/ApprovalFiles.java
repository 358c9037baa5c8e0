package org.deprovisioner.intake;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.ledger.Approvals;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes approvals as files, for those without a shell: one that is named like a held batch, with or without {@code .txt},
 * and holds the number of its devices. Its owner is the approver. A file is moved to {@code approvals/done/} before it is
 * read, so that each approves once; beside it, a text says what came of it.
 */
final class ApprovalFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalFiles.class);
    private static final String OUTCOME = ".outcome.txt";
    private static final String UNREADABLE =
            "The service may not read it, so nothing is released. Give the service's user"
                    + " the right to read it, and put it into the folder again.";
    private static final String NOT_A_NUMBER = "It must hold the number of held devices and nothing else, so nothing is"
            + " released. Write just that number into it, and put it into the folder again.";
    private static final int LONGEST = 256;
    private static final int LONGEST_NAME = 200;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(,\\d{3}){1,3}|\\d{1,9}");

    private final Path done;
    private final Approvals approvals;
    private final FourEyes fourEyes;
    private final Duration grace;
    private final FileFaults faults;

    /** Takes the approvals of a data folder. */
    ApprovalFiles(Path data, Approvals approvals, FourEyes fourEyes, Duration grace, FileFaults faults) {
        this.done = data.resolve("approvals").resolve("done");
        this.approvals = approvals;
        this.fourEyes = fourEyes;
        this.grace = grace;
        this.faults = faults;
    }

    /** Moves a file away, then does what it asks for. One that cannot be moved away approves nothing, and is tried again. */
    public void take(File file) {
        Path resting;
        try {
            resting = Files.move(file.toPath(), restingPlace(file.getName()));
        } catch (IOException stays) {
            faults.report(
                    "The approval " + file.getName() + ", which releases nothing before it is moved away,", stays);
            return;
        }
        try {
            String by = FileOwner.of(resting);
            note(
                    resting,
                    "The approval " + file.getName() + " of " + by + ":\n\n" + words(file.getName(), resting, by));
        } catch (IOException | StoreException fault) {
            LOG.warn("{} {}", unsure(resting), fault.getMessage());
        }
    }

    /** Says of each file that was moved away and has no outcome that it must be given again: a crash came between. */
    void sayWhatWasCutOff() {
        if (Files.notExists(done)) {
            return;
        }
        try (Stream<Path> files = Files.list(done)) {
            for (Path file : files.filter(ApprovalFiles::isWithoutOutcome).toList()) {
                LOG.warn(unsure(file));
                note(file, unsure(file));
            }
        } catch (IOException unreadable) {
            LOG.warn(
                    "Whether an approval was cut off by a crash cannot be seen: the service's user needs the right to read"
                            + " and write {}. {}",
                    done,
                    unreadable.getMessage());
        }
    }

    private static boolean isWithoutOutcome(Path file) {
        return !file.toString().endsWith(OUTCOME) && Files.notExists(outcome(file));
    }

    private static Path outcome(Path file) {
        return file.resolveSibling(file.getFileName() + OUTCOME);
    }

    private static void note(Path file, String words) throws IOException {
        OwnerAlone.writeNew(outcome(file), words + "\n");
    }

    private static String unsure(Path file) {
        return "What came of the approval " + file.getFileName()
                + " could not be recorded. It is not read again. Look at"
                + " 'deprovision status': if its batch is still held, put the approval into the folder once more.";
    }

    /** A place in {@code done/} that neither a file nor the outcome of one has. */
    private Path restingPlace(String given) throws IOException {
        OwnerAlone.folder(done);
        // the outcome's name is longer yet
        String name = given.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME ? WorkingName.mended(given) : given;
        return Stream.iterate(1, number -> number + 1)
                .map(number -> done.resolve(number == 1 ? name : name + "-" + number))
                .filter(place -> Files.notExists(place, LinkOption.NOFOLLOW_LINKS) && Files.notExists(outcome(place)))
                .findFirst()
                .orElseThrow();
    }

    private String words(String name, Path file, String by) throws IOException {
        Verdict answer = verdict(name, file, by);
        if (answer instanceof Verdict.Released) {
            LOG.info("{} By the file {} of {}.", answer.words(), name, by);
        } else {
            LOG.warn("Not released by the file {} of {}: {}", name, by, answer.words());
        }
        return answer.words();
    }

    private Verdict verdict(String name, Path file, String by) throws IOException {
        if (!Files.isReadable(file)) {
            return approvals.refuseFile(name, by, UNREADABLE);
        }
        Optional<Long> devices = number(file);
        if (devices.isEmpty()) {
            return approvals.refuseFile(name, by, NOT_A_NUMBER);
        }
        return approvals.approveByFile(
                new BatchApproval(name, devices.get(), by, "by the file " + name),
                submitters -> fourEyes.objection(by, submitters),
                grace);
    }

    /** The number that a file holds; empty when that is not all it holds, or when it is a link after all. */
    private static Optional<Long> number(Path file) throws IOException {
        if (isLinked(file)) {
            return Optional.empty();
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(LONGEST);
        }
        return Optional.of(new String(content, charset(content))
                        .replace("\uFEFF", "")
                        .strip())
                .filter(text -> NUMBER.matcher(text).matches())
                .map(text -> Long.valueOf(text.replace(",", "")));
    }

    /** A file with a second name may be somebody else's, put here without them. */
    private static boolean isLinked(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1;
    }

    /** Windows PowerShell writes UTF-16. */
    private static Charset charset(byte[] content) {
        boolean marked = content.length > 1 && (content[0] & 0xff) + (content[1] & 0xff) == 0xff + 0xfe;
        return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }
}
