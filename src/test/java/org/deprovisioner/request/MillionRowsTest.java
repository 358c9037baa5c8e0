package org.deprovisioner.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MillionRowsTest {

    private static final int ROWS = 1_000_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fleet.csv", "fleet.jsonl", "fleet.json"})
    void a_million_rows_are_read_in_a_heap_that_could_not_hold_them(String name) throws Exception {
        Path file = folder.resolve(name);
        try (BufferedWriter rows = Files.newBufferedWriter(file)) {
            boolean array = name.endsWith(".json");
            rows.write(name.endsWith(".csv") ? "managedDeviceId;Serial number;reason;note\n" : array ? "[" : "");
            for (long i = 0; i < ROWS; i++) {
                rows.write(
                        name.endsWith(".csv")
                                ? new UUID(i, i) + ";5CD" + i + ";retiring_device;"
                                        + (i % 10 == 0 ? "\"a\nb\"" : "Böhm") + "\n"
                                : (array && i > 0 ? "," : "") + "{\"id\":\"" + new UUID(i, i)
                                        + "\",\"reason\":\"retiring_device\",\"note\":\"Böhm\"}"
                                        + (array ? "" : "\n"));
            }
            rows.write(array ? "]" : "");
        }
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CountRows.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(reader.inputReader().readLine()).isEqualTo(ROWS + " accepted");
        assertThat(reader.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    /** Reads the file that it is given, in a process of its own. */
    static final class CountRows {

        private CountRows() {}

        public static void main(String[] arguments) throws Exception {
            long accepted = 0;
            try (RequestFile rows = RequestFile.open(Path.of(arguments[0]), TestRules.RULES)) {
                for (Row row : rows) {
                    accepted += row instanceof Row.Accepted ? 1 : 0;
                }
            }
            System.out.println(accepted + " accepted");
        }
    }
}
