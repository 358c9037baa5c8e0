package org.deprovisioner.intake;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.deprovisioner.guard.FileChanges;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.TakenFiles;
import org.deprovisioner.ledger.TakenFiles.Content;
import org.deprovisioner.ledger.TakenFiles.Stamp;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.request.RequestFile;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.rights.FreePlace;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.rights.Readers;
import org.deprovisioner.text.Counted;
import org.deprovisioner.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files in: gives each a name of its own, records its rows in the ledger, and says where it comes to rest. */
final class FileIntake {

    private static final Logger LOG = LoggerFactory.getLogger(FileIntake.class);
    private static final int ROWS_IN_ONE_TRANSACTION = 2_000;

    private final Path data;
    private final Readers readers;
    private final RequestRules rules;
    private final Intakes intakes;
    private final TakenFiles taken;

    /** What was named and perhaps not moved: a file that could not be moved keeps its name and intake. */
    private final Map<String, WorkingName> named = new ConcurrentHashMap<>();

    private volatile boolean stopped;

    /** Takes files into the ledger of a data folder. */
    public FileIntake(Path data, Readers readers, RequestRules rules, Intakes intakes, TakenFiles taken) {
        this.data = data;
        this.readers = readers;
        this.rules = rules;
        this.intakes = intakes;
        this.taken = taken;
    }

    /**
     * Takes a file out of the inbox: opens an intake for it, and moves it to the name under which it is worked on,
     * {@code .working/<intake id>-<name>}. One that cannot be moved keeps its intake, and is tried again.
     *
     * @return where it is now
     */
    public Path collect(File file) throws IOException {
        String owner = FileOwner.of(file.toPath());
        WorkingName name = named.compute(
                owner + "/" + file.getName(),
                (key, before) -> before != null && isFree(before)
                        ? before
                        : Stream.generate(() -> WorkingName.of(intakes.openFile(file.getName(), owner), file.getName()))
                                .filter(this::isFree)
                                .findFirst()
                                .orElseThrow());
        return Files.move(
                file.toPath(), working(name)); // in one step: never twice in the inbox, and nobody else's name
    }

    /** What lies there already was named by another ledger, and is never written over. */
    private boolean isFree(WorkingName name) {
        return Files.notExists(working(name), LinkOption.NOFOLLOW_LINKS);
    }

    private Path working(WorkingName name) {
        return data.resolve("inbox").resolve(".working").resolve(name.toString());
    }

    /**
     * Records the rows of a file in the ledger, and moves it to where it comes to rest: to {@code archive/}, or to
     * {@code rejected/} with its reason beside it. One that was cut off anywhere goes on where it was.
     *
     * @param file the file under its working name
     * @return where it is now
     * @throws IntakeStoppedException when {@link #stop} was called before its end
     */
    public Path takeIn(File file) throws IOException, IntakeStoppedException {
        goOn();
        Path working = file.toPath();
        WorkingName name = WorkingName.parse(file.getName());
        Arrival arrival = intakes.find(name.intake())
                .orElseThrow(() -> new IllegalArgumentException(
                        "it is from the inbox of another ledger. Look at it, and move it to the inbox."));
        named.values().remove(name);
        OwnerAlone.restrict(working);
        if (!arrival.open() && !arrival.rejected()) {
            return archive(working, name, arrival.batch().orElse(name.base()));
        }
        Optional<String> batch = Optional.empty();
        String reason = "It was rejected before, as the log of that time says.";
        try (RequestFile rows = RequestFile.open(working, rules)) {
            batch = arrival.rejected() ? batch : Optional.of(read(working, name, rows));
        } catch (UnusableFileException unusable) {
            intakes.reject(name.intake());
            reason = String.valueOf(unusable.getMessage());
        }
        return batch.isPresent() ? archive(working, name, batch.get()) : reject(working, name, reason);
    }

    /** Records the rows that are not recorded yet, and gives the batch that holds them. */
    private String read(Path working, WorkingName name, RequestFile rows) throws IOException, IntakeStoppedException {
        Intakes.OpenFile intake =
                intakes.begin(name.intake(), name.base(), rows.layout(), batch -> isTaken(batch, name.extension()));
        Stamp first = taken.reading(name.intake(), below(working), FileChanges.stamp(working));
        long count = record(name.name(), rows, intake);
        Content content = FileChanges.content(working);
        taken.read(name.intake(), content, !content.stamp().equals(first));
        intakes.describe(intake, new Intakes.HowRead(rows.remarks(), rows.skipped()));
        intakes.complete(intake);
        LOG.info(
                "{}: {} taken in as batch '{}'. {}",
                name.name(),
                Counted.of(count, "row"),
                intake.batch(),
                Stream.concat(rows.remarks().stream(), rows.skipped().words().stream())
                        .collect(joining(" ")));
        return intake.batch();
    }

    private Path archive(Path working, WorkingName name, String batch) throws IOException {
        Path place = FreePlace.move(
                working, data.resolve("archive"), number -> BatchName.numbered(batch, number) + name.extension());
        taken.moved(name.intake(), below(place));
        return place;
    }

    private String below(Path file) {
        return data.relativize(file).toString().replace('\\', '/');
    }

    /** Takes no more rows in, not of a file that is half taken in either. */
    public void stop() {
        stopped = true;
    }

    private void goOn() throws IntakeStoppedException {
        if (stopped) {
            throw new IntakeStoppedException();
        }
    }

    /** While some rows are written, the next are read. */
    private long record(String name, RequestFile rows, Intakes.OpenFile intake) throws IntakeStoppedException {
        List<Row> chunk = new ArrayList<>(ROWS_IN_ONE_TRANSACTION);
        Optional<Intakes.Recording> before = Optional.empty();
        long count = 0;
        try {
            for (Row row : rows) {
                goOn();
                count++;
                if (row.line() > intake.lastLine()) {
                    chunk.add(named(row, name + " " + rows.place(row)));
                }
                if (chunk.size() == ROWS_IN_ONE_TRANSACTION) {
                    before.ifPresent(Intakes.Recording::await);
                    before = Optional.of(intakes.recordMeanwhile(intake, chunk));
                    chunk = new ArrayList<>(ROWS_IN_ONE_TRANSACTION);
                }
            }
        } finally {
            before.ifPresent(Intakes.Recording::await);
        }
        if (!chunk.isEmpty()) {
            intakes.record(intake, chunk);
        }
        return count;
    }

    /** A message says in which file and on which line something is wrong. */
    private static Row named(Row row, String place) {
        return row instanceof Row.Invalid invalid
                ? new Row.Invalid(
                        invalid.line(),
                        invalid.cells(),
                        invalid.tenant(),
                        invalid.requestId(),
                        place + ", " + invalid.error(),
                        invalid.remedy(),
                        invalid.raw())
                : row;
    }

    /** The reason is there before the file is; where a crash came between, or the file cannot be moved, it is found again. */
    private Path reject(Path working, WorkingName name, String reason) throws IOException {
        Path folder = data.resolve("rejected");
        readers.folder(folder);
        readers.file(working);
        String text =
                name.name() + " was not taken in, and nothing of it was sent.\n\n" + Printable.text(reason) + "\n";
        for (int number = 1; ; number++) {
            Path place = folder.resolve(BatchName.numbered(name.base(), number) + name.extension());
            Path note = folder.resolve(place.getFileName() + ".reason.txt");
            if (FreePlace.isFreeFor(working, place) && write(note, text)) {
                try {
                    FreePlace.move(working, place);
                    LOG.warn("{} was rejected: {}", name.name(), reason);
                    return place;
                } catch (FileAlreadyExistsException takenMeanwhile) {
                    Files.delete(note);
                }
            }
        }
    }

    /** Whether this text stands in this file now; where another one is, it stays. */
    private boolean write(Path note, String text) throws IOException {
        try {
            OwnerAlone.writeNew(note, text);
            readers.file(note);
            return true;
        } catch (FileAlreadyExistsException there) {
            return Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(note) == text.getBytes(StandardCharsets.UTF_8).length
                    && Files.readString(note).equals(text);
        }
    }

    private boolean isTaken(String batch, String extension) {
        return Files.exists(data.resolve("archive").resolve(batch + extension))
                || Files.exists(data.resolve("results").resolve(batch + ".csv"))
                || Files.exists(data.resolve("dead-letter").resolve(batch + ".csv"));
    }
}
