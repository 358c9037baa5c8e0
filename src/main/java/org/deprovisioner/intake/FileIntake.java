package org.deprovisioner.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.request.RequestFile;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.rights.OwnerAlone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files in: gives each a name of its own, records its rows in the ledger, and says where it comes to rest. */
final class FileIntake {

    private static final Logger LOG = LoggerFactory.getLogger(FileIntake.class);
    private static final int ROWS_IN_ONE_TRANSACTION = 2_000;

    private final Path data;
    private final RequestRules rules;
    private final Intakes intakes;

    /** What was named and perhaps not moved: a file that could not be moved keeps its name and intake. */
    private final Map<String, WorkingName> named = new ConcurrentHashMap<>();

    private volatile boolean stopped;

    /** Takes files into the ledger of a data folder. */
    public FileIntake(Path data, RequestRules rules, Intakes intakes) {
        this.data = data;
        this.rules = rules;
        this.intakes = intakes;
    }

    /** Opens an intake for a file, and gives the name under which it is worked on: {@code <intake id>-<name>}. */
    public String open(File file) throws IOException {
        String owner = FileOwner.of(file.toPath());
        Path folder = data.resolve("inbox").resolve(".working");
        return named.compute(
                        owner + "/" + file.getName(),
                        (key, before) -> before != null && isFree(folder, before)
                                ? before
                                : Stream.generate(() -> name(file, owner))
                                        .filter(name -> isFree(folder, name))
                                        .findFirst()
                                        .orElseThrow())
                .toString();
    }

    private WorkingName name(File file, String owner) {
        return WorkingName.of(intakes.openFile(file.getName(), owner), file.getName());
    }

    /** What lies there already was named by another ledger, and is never written over. */
    private static boolean isFree(Path folder, WorkingName name) {
        return Files.notExists(folder.resolve(name.toString()), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Records the rows of a file in the ledger; one that was cut off goes on where it was.
     *
     * @param working the file under its working name
     * @return where the file comes to rest: in {@code archive/}, or in {@code rejected/} with its reason beside it
     * @throws IntakeStoppedException when {@link #stop} was called before its end
     */
    public String takeIn(File working) throws IOException, IntakeStoppedException {
        goOn();
        WorkingName name = WorkingName.parse(working.getName());
        named.values().remove(name);
        try (RequestFile file = RequestFile.open(working.toPath(), rules)) {
            Intakes.FileIntake intake =
                    intakes.begin(name.intake(), name.base(), file.layout(), batch -> isTaken(batch, name.extension()));
            long rows = record(name.name(), file, intake);
            intakes.complete(intake);
            LOG.info(
                    "{}: {} taken in as batch '{}'.",
                    name.name(),
                    rows == 1 ? "1 row" : rows + " rows",
                    intake.batch());
            return rest("archive", intake.batch() + name.extension()).toString();
        } catch (UnusableFileException unusable) {
            intakes.reject(name.intake());
            return reject(name, String.valueOf(unusable.getMessage()));
        }
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
    private long record(String name, RequestFile rows, Intakes.FileIntake intake) throws IntakeStoppedException {
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

    private String reject(WorkingName name, String reason) throws IOException {
        Path folder = data.resolve("rejected");
        OwnerAlone.folder(folder);
        Path resting = folder.resolve(name.name());
        for (int number = 2; Files.exists(resting); number++) {
            resting = folder.resolve(name.base() + "-" + number + name.extension());
        }
        Files.writeString(
                folder.resolve(resting.getFileName() + ".reason.txt"),
                name.name() + " was not taken in, and nothing of it was sent.\n\n" + reason + "\n");
        LOG.warn("{} was rejected: {}", name.name(), reason);
        return resting.toString();
    }

    private boolean isTaken(String batch, String extension) {
        return Files.exists(data.resolve("archive").resolve(batch + extension))
                || Files.exists(data.resolve("results").resolve(batch + ".csv"))
                || Files.exists(data.resolve("dead-letter").resolve(batch + ".csv"));
    }

    private Path rest(String folder, String name) throws IOException {
        OwnerAlone.folder(data.resolve(folder));
        return data.resolve(folder).resolve(name);
    }
}
