package org.deprovisioner.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./deprovision bench}: what the program costs, and what it is compared with, side by side on this machine. */
@Command(
        name = "deprovision bench",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Measure this program side by side with a bare HttpClient loop, Microsoft's SDK and a script, against a stub in"
                    + " another process on this machine; nothing leaves it.",
            "Prints a table of ratios and their targets, and writes table.csv, calls.csv and calls.svg (calls per second"
                    + " against the quota)."
        })
public final class Bench implements Callable<Integer> {

    /** The loop over Microsoft's SDK; it is compiled only where that is at hand. */
    static final String SDK = "org.deprovisioner.bench.MicrosoftSdk";

    @Option(names = "--home", hidden = true, required = true)
    private Path home = Path.of("");

    @Option(names = "--lib", hidden = true, required = true)
    private Path lib = Path.of("");

    @Option(names = "--all", description = "Everything at full size: Graph's own quota, and a million rows. Takes hours.")
    private boolean all;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "WHAT",
            description = "Only these, separated by commas: ${COMPLETION-CANDIDATES}.")
    private Set<What> only = EnumSet.allOf(What.class);

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, of which the median counts (default: 3; with --all 5).")
    private int rounds;

    @Option(names = "--calls", paramLabel = "N", description = "Calls in a round of the engine (default: 20000; with --all 100000).")
    private int calls;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where files are written (default: a new one in data/bench).")
    private Path out = Path.of("");

    private final Chart chart = new Chart();

    /** What can be measured. */
    enum What {
        ENGINE,
        LATENCY,
        INTAKE,
        PACING,
        NOISE,
        TENANTS,
        RESTART,
        STATUS,
        GROWTH;

        Measure measure() {
            return switch (this) {
                case ENGINE -> new Engine(0);
                case LATENCY -> new Engine(50);
                case INTAKE -> new Intake();
                case PACING -> new Pacing();
                case NOISE -> new Noise();
                case TENANTS -> new Tenants();
                case RESTART -> new Restart();
                case STATUS -> new Commands();
                case GROWTH -> new Growth();
            };
        }
    }

    /** Runs it; the launcher hands the command's own name on. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(Stream.of(arguments)
                        .filter(word -> !word.equals("bench"))
                        .toArray(String[]::new)));
    }

    @Override
    public Integer call() throws Exception {
        String now = LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss"));
        Path folder = Files.createDirectories(
                out.toString().isEmpty() ? home.resolve("data").resolve("bench").resolve(now) : out.toAbsolutePath());
        System.out.printf("%-68s %12s %-9s %12s %8s   %s%n", "", "ours", "", "other", "ratio", "target");
        List<Row> rows = new ArrayList<>();
        Path runs = Files.createTempDirectory("bench");
        try (Ground ground = Ground.open(home, lib, runs)) {
            for (What what : only) {
                List<Row> measured = take(what, ground);
                measured.forEach(row -> System.out.println(row.table()));
                rows.addAll(measured);
            }
        }
        List<String> lines = new ArrayList<>(List.of("what,unit,ours,other,ratio,bound,target"));
        rows.forEach(row -> lines.add(row.csv()));
        Files.write(folder.resolve("table.csv"), lines);
        chart.write(folder.resolve("calls.svg"), folder.resolve("calls.csv"));
        delete(runs);
        System.out.println();
        System.out.println("Written to " + folder);
        return 0;
    }

    /** What cannot be measured is said, and the others go on. */
    private List<Row> take(What what, Ground ground) throws InterruptedException {
        try {
            return what.measure().take(ground, this);
        } catch (InterruptedException ending) {
            throw ending;
        } catch (Exception failed) {
            System.out.println(what + " could not be measured: " + failed.getMessage());
            return List.of();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    Chart chart() {
        return chart;
    }

    boolean hasSdk() {
        return Bench.class.getResource("MicrosoftSdk.class") != null;
    }

    int rounds() {
        return rounds > 0 ? rounds : all ? 5 : 3;
    }

    int calls() {
        return calls > 0 ? calls : all ? 100_000 : 20_000;
    }

    /** Where many rows are wanted. */
    int many() {
        return all ? 1_000_000 : 100_000;
    }

    List<Integer> counts() {
        return all ? List.of(1_000, 10_000, 100_000, 1_000_000) : List.of(1_000, 10_000);
    }

    /** The quota of the pacing: Graph's own, or a quick one of the same kind. */
    int limit() {
        return all ? 200 : 100;
    }

    int windowMillis() {
        return all ? 20_000 : 2_000;
    }

    int windows() {
        return 12;
    }
}
