package org.deprovisioner.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillionRowsTest {

    private static final int ROWS = 1_000_000;

    @TempDir
    private Path folder;

    @Test
    void a_million_rows_are_read_in_a_heap_that_could_not_hold_them() throws Exception {
        Path file = folder.resolve("fleet.csv");
        try (BufferedWriter csv = Files.newBufferedWriter(file)) {
            csv.write("managedDeviceId;Serial number;reason;note\n");
            for (long i = 0; i < ROWS; i++) {
                csv.write(
                        new UUID(i, i) + ";5CD" + i + ";retiring_device;" + (i % 10 == 0 ? "\"a\nb\"" : "Böhm") + "\n");
            }
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
