package org.deprovisioner.outcome;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.request.Layout;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.rights.Readers;
import org.deprovisioner.text.Printable;

/**
 * Writes {@code results/<batch>.csv} and {@code dead-letter/<batch>.csv} from the ledger. A file appears whole or not at
 * all; one that somebody changed or holds open is left alone, and the next number is written beside it.
 */
public final class ResultFiles {

    private final OwnFiles results;
    private final OwnFiles deadLetters;
    private final Batches batches;
    private final Supplier<Optional<String>> closed;

    /**
     * Writes below a data folder from its ledger.
     *
     * @param closed why nothing is sent now, be it the hour or a STOP file; empty when it is
     */
    public ResultFiles(Path data, Readers readers, Batches batches, Supplier<Optional<String>> closed) {
        this(
                new OwnFiles(data, "results", ".csv", readers, batches),
                new OwnFiles(data, "dead-letter", ".csv", readers, batches),
                batches,
                closed);
    }

    ResultFiles(OwnFiles results, OwnFiles deadLetters, Batches batches, Supplier<Optional<String>> closed) {
        this.results = results;
        this.deadLetters = deadLetters;
        this.batches = batches;
        this.closed = closed;
    }

    /** Writes both files of a batch anew, in constant memory. */
    public void write(Changed batch) throws IOException {
        Path newResults = results.part(batch.name());
        Path newDeadLetters = deadLetters.part(batch.name());
        try {
            long dead = writeRows(batch, newResults, newDeadLetters);
            results.publish(newResults, batch.name());
            if (dead > 0 || deadLetters.newest(batch.name()).isPresent()) {
                deadLetters.publish(newDeadLetters, batch.name());
            }
        } finally {
            Files.deleteIfExists(newResults);
            Files.deleteIfExists(newDeadLetters);
        }
        batches.written(batch);
    }

    /** Prints the results of a batch so far for people: as its file shows them, but for what a terminal would act on. */
    public void print(String batch, Layout layout, Writer output) {
        CsvWriter csv = csv(layout, output);
        Optional<String> waitsFor = closed.get();
        csv.writeRecord(printable(header(layout, false)));
        batches.results(batch, row -> csv.writeRecord(printable(cells(layout, row.waitingFor(waitsFor), false))));
    }

    private static List<String> printable(List<String> cells) {
        return cells.stream().map(Printable::line).toList();
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
        ResultColumns.of(row).values().forEach(value -> cells.add(Layout.guarded(value)));
        if (withRaw) {
            cells.add(Layout.guarded(row.raw()));
        }
        return cells;
    }

    private static BufferedWriter open(Path file) throws IOException {
        BufferedWriter output = OwnerAlone.writer(file);
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

    /** Where the latest results of a batch are, or will be. */
    public Path resultsOf(String batch) {
        return results.newest(batch).orElseGet(() -> results.usual(batch));
    }

    /** Where the latest dead letters of a batch are, if it has any. */
    public Optional<Path> deadLettersOf(String batch) {
        return deadLetters.newest(batch);
    }
}
