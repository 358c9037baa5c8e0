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
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.ledger.Approvals;
import org.deprovisioner.ledger.Approvals.Answer;
import org.deprovisioner.ledger.Approvals.Approval;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes approvals as files, for those without a shell: one that is named like a held batch, with or without {@code .txt},
 * and holds the number of its devices. Its owner is the approver.
 */
public final class ApprovalFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalFiles.class);
    private static final int LONGEST = 256;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(,\\d{3}){1,3}|\\d{1,9}");

    private final Path folder;
    private final Approvals approvals;
    private final FourEyes fourEyes;
    private final Duration grace;

    /** Takes the approvals of a data folder. */
    ApprovalFiles(Path data, Approvals approvals, FourEyes fourEyes, Duration grace) {
        this.folder = data.resolve("approvals");
        this.approvals = approvals;
        this.fourEyes = fourEyes;
        this.grace = grace;
    }

    /**
     * Does what a file asks for, and says beside its place of rest what came of it.
     *
     * @return the name under which it comes to rest in {@code approvals/done/}
     */
    public String take(File file) throws IOException {
        Path path = file.toPath();
        String by = FileOwner.of(path);
        String words = !Files.isReadable(path)
                ? "The service may not read it, so nothing is released."
                : number(path)
                        .map(devices -> approve(file.getName(), devices, by))
                        .orElseGet(() ->
                                "It does not hold the number of devices that are held, and nothing else, so nothing is"
                                        + " released.");
        Path done = Files.createDirectories(folder.resolve("done"));
        Path resting = done.resolve(file.getName());
        for (int number = 2; Files.exists(resting, LinkOption.NOFOLLOW_LINKS); number++) {
            resting = done.resolve(file.getName() + "-" + number);
        }
        Files.writeString(
                done.resolve(resting.getFileName() + ".outcome.txt"),
                "The approval " + file.getName() + " of " + by + ":\n\n" + words + "\n");
        return String.valueOf(resting.getFileName());
    }

    private String approve(String name, long devices, String by) {
        Answer answer = approve(name, name, devices, by);
        if (answer instanceof Answer.NotHeld && name.toLowerCase(Locale.ROOT).endsWith(".txt")) {
            answer = approve(name.substring(0, name.length() - ".txt".length()), name, devices, by);
        }
        if (answer instanceof Answer.Released) {
            LOG.info("{} By the file {} of {}.", answer.words(), name, by);
        } else {
            LOG.warn("Not released by the file {} of {}: {}", name, by, answer.words());
        }
        return answer.words();
    }

    private Answer approve(String batch, String file, long devices, String by) {
        return approvals.approve(
                new Approval(batch, devices, by, "by the file " + file),
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
