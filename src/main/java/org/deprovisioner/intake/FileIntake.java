package org.deprovisioner.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.request.RequestFile;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.UnusableFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files in: gives each a name of its own, records its rows in the ledger, and says where it comes to rest. */
public final class FileIntake {

    private static final Logger LOG = LoggerFactory.getLogger(FileIntake.class);
    private static final int ROWS_IN_ONE_TRANSACTION = 2_000;

    private final Path data;
    private final RequestRules rules;
    private final Intakes intakes;

    /** Takes files into the ledger of a data folder. */
    public FileIntake(Path data, RequestRules rules, Intakes intakes) {
        this.data = data;
        this.rules = rules;
        this.intakes = intakes;
    }

    /** Opens an intake for a file, and gives the name under which it is worked on: {@code <intake id>-<name>}. */
    public String open(File file) throws IOException {
        return intakes.openFile(file.getName(), FileOwner.of(file.toPath())) + "-" + file.getName();
    }

    /**
     * Records the rows of a file in the ledger; one that was cut off goes on where it was.
     *
     * @param working the file under its working name
     * @return where the file comes to rest: in {@code archive/}, or in {@code rejected/} with its reason beside it
     */
    public String takeIn(File working) throws IOException {
        int dash = working.getName().indexOf('-');
        long id = Long.parseLong(working.getName().substring(0, dash));
        String name = working.getName().substring(dash + 1);
        try (RequestFile file = RequestFile.open(working.toPath(), rules)) {
            Intakes.FileIntake intake =
                    intakes.begin(id, baseName(name), file.layout(), batch -> isTaken(batch, extension(name)));
            long rows = record(name, file, intake);
            intakes.complete(intake);
            LOG.info("{}: {} rows taken in as batch '{}'.", name, rows, intake.batch());
            return rest("archive", intake.batch() + extension(name)).toString();
        } catch (UnusableFileException unusable) {
            intakes.reject(id);
            return reject(name, String.valueOf(unusable.getMessage()));
        }
    }

    private long record(String name, RequestFile rows, Intakes.FileIntake intake) {
        List<Row> chunk = new ArrayList<>(ROWS_IN_ONE_TRANSACTION);
        long count = 0;
        for (Row row : rows) {
            count++;
            if (row.line() > intake.lastLine()) {
                chunk.add(named(row, name + " " + rows.place(row)));
            }
            if (chunk.size() == ROWS_IN_ONE_TRANSACTION) {
                intakes.record(intake, chunk);
                chunk.clear();
            }
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

    private String reject(String name, String reason) throws IOException {
        Path folder = Files.createDirectories(data.resolve("rejected"));
        Path resting = folder.resolve(name);
        for (int number = 2; Files.exists(resting); number++) {
            resting = folder.resolve(baseName(name) + "-" + number + extension(name));
        }
        Files.writeString(
                folder.resolve(resting.getFileName() + ".reason.txt"),
                name + " was not taken in, and nothing of it was sent.\n\n" + reason + "\n");
        LOG.warn("{} was rejected: {}", name, reason);
        return resting.toString();
    }

    private boolean isTaken(String batch, String extension) {
        return Files.exists(data.resolve("archive").resolve(batch + extension))
                || Files.exists(data.resolve("results").resolve(batch + ".csv"))
                || Files.exists(data.resolve("dead-letter").resolve(batch + ".csv"));
    }

    private Path rest(String folder, String name) throws IOException {
        return Files.createDirectories(data.resolve(folder)).resolve(name);
    }

    private static String baseName(String name) {
        return name.substring(0, name.length() - extension(name).length());
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(dot) : "";
    }
}
