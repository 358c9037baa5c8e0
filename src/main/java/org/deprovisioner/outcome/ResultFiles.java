package org.deprovisioner.outcome;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Batches.Mark;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.request.Layout;
import org.deprovisioner.rights.OwnerAlone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code results/<batch>.csv} and {@code dead-letter/<batch>.csv} from the ledger. A file appears whole or not at
 * all; one that somebody changed or holds open is left alone, and the next number is written beside it.
 */
public final class ResultFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ResultFiles.class);

    private final Path data;
    private final Batches batches;
    private final Supplier<Optional<String>> closed;

    /**
     * Writes below a data folder from its ledger.
     *
     * @param closed why nothing is sent now, be it the hour or a STOP file; empty when it is
     */
    public ResultFiles(Path data, Batches batches, Supplier<Optional<String>> closed) {
        this.data = data;
        this.batches = batches;
        this.closed = closed;
    }

    /** Writes both files of a batch anew, in constant memory. */
    public void write(Changed batch) throws IOException {
        Path results = data.resolve("results");
        Path deadLetters = data.resolve("dead-letter");
        OwnerAlone.folder(results);
        OwnerAlone.folder(deadLetters);
        Path newResults = results.resolve("." + batch.name() + ".csv.part");
        Path newDeadLetters = deadLetters.resolve("." + batch.name() + ".csv.part");
        long dead = writeRows(batch, newResults, newDeadLetters);
        publish(newResults, results, batch.name());
        if (dead > 0 || Files.exists(deadLetters.resolve(batch.name() + ".csv"))) {
            publish(newDeadLetters, deadLetters, batch.name());
        } else {
            Files.delete(newDeadLetters);
        }
        batches.written(batch);
    }

    /** Writes the results of a batch so far to an output, as its file shows them. */
    public void print(String batch, Layout layout, Writer output) {
        CsvWriter csv = csv(layout, output);
        Optional<String> waitsFor = closed.get();
        csv.writeRecord(header(layout, false));
        batches.results(batch, row -> csv.writeRecord(cells(layout, row.waitingFor(waitsFor), false)));
    }

    private long writeRows(Changed batch, Path results, Path deadLetters) throws IOException {
        long[] dead = {0};
        Optional<String> waitsFor = closed.get();
        try (BufferedWriter resultsOutput = open(results);
                BufferedWriter deadLetterOutput = open(deadLetters)) {
            CsvWriter resultRows = csv(batch.layout(), resultsOutput);
            CsvWriter deadRows = csv(batch.layout(), deadLetterOutput);
            resultRows.writeRecord(header(batch.layout(), false));
            deadRows.writeRecord(header(batch.layout(), true));
            batches.results(batch.name(), row -> {
                resultRows.writeRecord(cells(batch.layout(), row.waitingFor(waitsFor), false));
                if (isDead(row)) {
                    deadRows.writeRecord(cells(batch.layout(), row, true));
                    dead[0]++;
                }
            });
        }
        return dead[0];
    }

    private static boolean isDead(Result row) {
        return row.outcome()
                .map(outcome -> outcome.outcomeClass())
                .filter(one -> one == OutcomeClass.FAILED || one == OutcomeClass.UNKNOWN)
                .isPresent();
    }

    private static List<String> header(Layout layout, boolean withRaw) {
        List<String> header =
                new ArrayList<>(layout.columns().stream().map(Layout::guarded).toList());
        header.addAll(Layout.RESULT_COLUMNS);
        if (withRaw) {
            header.add("raw");
        }
        return header;
    }

    private static List<String> cells(Layout layout, Result row, boolean withRaw) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < layout.columns().size(); i++) {
            cells.add(i < row.cells().size() ? Layout.guarded(row.cells().get(i)) : "");
        }
        Columns.of(row).values().forEach(value -> cells.add(Layout.guarded(value)));
        if (withRaw) {
            cells.add(Layout.guarded(row.raw()));
        }
        return cells;
    }

    private static BufferedWriter open(Path file) throws IOException {
        BufferedWriter output = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        output.write('\ufeff');
        return output;
    }

    private static CsvWriter csv(Layout layout, Writer output) {
        return CsvWriter.builder()
                .fieldSeparator(layout.delimiter())
                .lineDelimiter(LineDelimiter.CRLF)
                .commentCharacter('#')
                .bufferSize(0) // the output is buffered; a second buffer here would not be flushed with it
                .build(output);
    }

    private void publish(Path part, Path folder, String batch) throws IOException {
        for (int number = 0; ; number++) {
            Path target = folder.resolve(number == 0 ? batch + ".csv" : batch + "." + number + ".csv");
            if (number > 0 && batches.progress(batch + "." + number).isPresent()) {
                continue; // the name belongs to the files of another batch
            }
            if (isOurs(target)) {
                Mark mark = mark(part);
                batches.mark(key(target), mark);
                try {
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    return;
                } catch (java.nio.file.AccessDeniedException openElsewhere) {
                    LOG.warn("{} is open elsewhere; the next number is written beside it.", target);
                }
            } else {
                LOG.warn("{} was changed by somebody and is left alone; the next number is written beside it.", target);
            }
        }
    }

    /** Whether a file does not exist, or is as we left it. */
    private boolean isOurs(Path file) throws IOException {
        if (Files.notExists(file)) {
            return true;
        }
        Optional<Mark> left = batches.mark(key(file));
        return left.isPresent() && left.get().equals(mark(file));
    }

    private String key(Path file) {
        return data.relativize(file).toString().replace('\\', '/');
    }

    private static Mark mark(Path file) throws IOException {
        return new Mark(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }

    /** Says where a batch's files are, for people. */
    public Path resultsOf(String batch) {
        return data.resolve("results").resolve(batch + ".csv");
    }

    /** Where the dead letters of a batch are, if it has any. */
    public Optional<Path> deadLettersOf(String batch) {
        return Optional.of(data.resolve("dead-letter").resolve(batch + ".csv")).filter(Files::exists);
    }
}
