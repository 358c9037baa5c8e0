package org.deprovisioner.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.AuditEntries;
import org.deprovisioner.ledger.AuditEntries.Entry;
import org.deprovisioner.rights.OwnerAlone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to {@code audit/<UTC date>.jsonl}, in groups, what waits in the ledger. An entry leaves the ledger once its line
 * is on disk; whatever cuts a process off in between, the next one goes on after the last whole line, and writes no entry
 * twice. Threads and processes may append at once: one waits for the other.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int GROUP = 500;
    private static final int WINDOW = 1 << 16;

    private final LogFolder folder;
    private final AuditEntries entries;
    private Optional<End> left = Optional.empty();

    /** The log below a data folder, and the ledger that its entries come from. */
    public AuditLog(Path data, AuditEntries entries) {
        this.folder = new LogFolder(data);
        this.entries = entries;
    }

    /**
     * Where the log ends.
     *
     * @param day of its newest file, empty when there is none
     * @param known the entries of the last group, as {@link ChainedLine#key} tells them apart
     */
    private record End(String day, long size, long number, String hash, Set<String> known) {}

    /** Appends everything that waits now. */
    public void append() throws IOException {
        if (entries.areToldHere() && !entries.waiting(1).isEmpty()) {
            folder.alone(() -> {
                while (appendGroup()) {
                    LOG.trace("There is more.");
                }
                return true;
            });
        }
    }

    private boolean appendGroup() throws IOException {
        List<Entry> waiting = entries.waiting(GROUP);
        if (waiting.isEmpty()) {
            return false;
        }
        End end = end();
        left = Optional.empty();
        String day = day(waiting.get(0), end);
        List<Entry> ofOneDay =
                waiting.stream().takeWhile(entry -> day(entry, end).equals(day)).toList();
        left = Optional.of(write(end, day, ofOneDay));
        entries.written(ofOneDay);
        return ofOneDay.size() < waiting.size() || waiting.size() == GROUP;
    }

    /** An entry that comes late stays in the newest file: the chain never goes back to an older one. */
    private static String day(Entry entry, End end) {
        String own = LocalDate.ofInstant(entry.at(), ZoneOffset.UTC).toString();
        return own.compareTo(end.day) < 0 ? end.day : own;
    }

    private End write(End end, String day, List<Entry> group) throws IOException {
        StringBuilder lines = new StringBuilder();
        long number = end.number;
        String hash = end.hash;
        for (Entry entry : group) {
            if (!end.known.contains(ChainedLine.key(entry))) {
                ChainedLine.Next next = ChainedLine.after(number, hash, entry);
                number = next.number();
                hash = next.hash();
                lines.append(next.text()).append('\n');
            }
        }
        Path file = folder.file(day);
        OwnerAlone.file(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            return new End(
                    day,
                    channel.size(),
                    number,
                    hash,
                    group.stream().map(ChainedLine::key).collect(Collectors.toSet()));
        }
    }

    /** The end as this process left it, or as it is found when another one wrote since. */
    private End end() throws IOException {
        List<Path> files = folder.files();
        if (files.isEmpty()) {
            return new End("", 0, 0, ChainedLine.NONE, Set.of());
        }
        Path newest = files.get(files.size() - 1);
        if (left.isPresent() && left.get().day.equals(LogFolder.day(newest)) && left.get().size == Files.size(newest)) {
            return left.get();
        }
        cutTornLine(newest);
        for (int i = files.size() - 1; i >= 0; i--) {
            List<String> lines = lastLines(files.get(i), GROUP);
            if (!lines.isEmpty()) {
                return end(LogFolder.day(newest), files.get(i), lines);
            }
        }
        return new End(LogFolder.day(newest), 0, 0, ChainedLine.NONE, Set.of());
    }

    private static End end(String day, Path file, List<String> lines) throws IOException {
        ChainedLine last = ChainedLine.read(lines.get(lines.size() - 1))
                .orElseThrow(() -> new IOException(file
                        + " does not end as it was written, so nothing is added to it; what it has to be told waits in the"
                        + " ledger. Run 'deprovision audit verify', keep a copy of the file, and take away the lines at"
                        + " its end that are broken."));
        return new End(
                day,
                Files.size(file),
                last.number(),
                last.hash(),
                lines.stream()
                        .flatMap(line -> ChainedLine.read(line).stream())
                        .map(link -> ChainedLine.key(link.told()))
                        .collect(Collectors.toSet()));
    }

    /** A line without its end was cut off while it was written: its entry still waits in the ledger. */
    private static void cutTornLine(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long end = open.length();
            while (end > 0) {
                open.seek(end - 1);
                if (open.read() == '\n') {
                    break;
                }
                end--;
            }
            if (end < open.length()) {
                LOG.warn("{}: the last line was cut off while it was written; it is written again.", file);
                open.setLength(end);
            }
        }
    }

    /** So many lines from the end of a file, at the least. */
    static List<String> lastLines(Path file, int least) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            for (long window = WINDOW; ; window *= 2) {
                long from = Math.max(0, open.length() - window);
                byte[] bytes = new byte[Math.toIntExact(open.length() - from)];
                open.seek(from);
                open.readFully(bytes);
                List<String> lines = new ArrayList<>(
                        new String(bytes, StandardCharsets.US_ASCII).lines().toList());
                if (from == 0) {
                    return lines;
                }
                if (lines.size() > least) {
                    return lines.subList(1, lines.size());
                }
            }
        }
    }
}
