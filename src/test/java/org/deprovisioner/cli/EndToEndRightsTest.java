package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deprovisioner.faults.Forked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the service writes is readable for its user alone, whatever the umask. */
@DisabledOnOs(OS.WINDOWS)
class EndToEndRightsTest {

    private static final Set<PosixFilePermission> ITS_USERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    @TempDir
    private Path folder;

    @Test
    void withTheMostOpenUmaskNothingThatIsWrittenIsOpen() throws Exception {
        try (Stage stage = Stage.in(folder).set("deprovision.broker.url", "embedded")) {
            Path data = folder.resolve("fresh");
            stage.set("deprovision.data", data.toString()).set("deprovision.guard.max-per-batch", "2");
            Path good = Files.writeString(
                    folder.resolve("good.csv"),
                    Stage.HEADER + "\n" + Stage.row(stage.next()) + "\nno-device," + Stage.REASON + "\n");
            Path foreign = Files.writeString(folder.resolve("foreign.csv"), "%PDF-");
            StringBuilder many = new StringBuilder(Stage.HEADER);
            stage.next(3).forEach(device -> many.append('\n').append(Stage.row(device)));
            Path held = Files.writeString(folder.resolve("held.csv"), many.append('\n'));
            for (Path file : List.of(good, foreign, held)) {
                try (Forked submit = Forked.openToAll(
                        Stage.home(),
                        stage.settings(),
                        folder.resolve("submit.log"),
                        "submit",
                        file.toString(),
                        "--wait",
                        "--yes")) {
                    submit.awaitEnd();
                }
            }
            for (String name : List.of(
                    "results/good.csv",
                    "dead-letter/good.csv",
                    "archive/good.csv",
                    "held/held.txt",
                    "rejected/foreign.csv",
                    "rejected/foreign.csv.reason.txt",
                    "logs/deprovisioner.log",
                    "ledger.db")) {
                assertThat(data.resolve(name)).isRegularFile();
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwxr-xr-x");
            try (Stream<Path> all = Files.walk(data)) {
                assertThat(all.filter(path -> !path.equals(data))
                                .filter(path -> !List.of("inbox", "approvals")
                                        .contains(path.getFileName().toString()))
                                // what Artemis makes is below a folder that nobody else may enter
                                .filter(path -> !path.startsWith(data.resolve("broker"))
                                        || path.equals(data.resolve("broker"))
                                        || path.endsWith("client.properties")))
                        .allSatisfy(path -> assertThat(ITS_USERS)
                                .as(path.toString())
                                .containsAll(Files.getPosixFilePermissions(path)));
            }
        }
    }

    @Test
    void aStartThatIsRefusedMakesNothing() throws Exception {
        try (Stage stage = Stage.in(folder)) {
            Files.setPosixFilePermissions(stage.data, PosixFilePermissions.fromString("rwxrwxrwx"));
            try (Forked refused = Forked.service(Stage.home(), stage.settings(), folder.resolve("run.log"))) {
                assertThat(refused.awaitEnd()).isEqualTo(3);
            }
            assertThat(stage.data.resolve("logs")).doesNotExist();
        }
    }
}
