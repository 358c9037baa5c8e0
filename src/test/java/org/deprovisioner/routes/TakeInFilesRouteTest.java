package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.apache.camel.spi.Registry;
import org.deprovisioner.intake.IntakeStoppedException;
import org.junit.jupiter.api.Test;

/** Records the rows of each collected file in the ledger, then lets go of the file. */
class TakeInFilesRouteTest extends RouteTest {

    private static final File LEAVERS = new File("1-leavers.csv");

    private final FakeIntake fileIntake = new FakeIntake();

    @Override
    void bind(Registry beans) {
        beans.bind("fileIntake", fileIntake);
    }

    @Test
    void theBeanRecordsACollectedFileAndMovesItToRest() {
        assertThat(from())
                .startsWith("data:inbox/.working?")
                .contains("filter=#workingFiles", "includeHiddenDirs=true", "noop=true", "idempotent=false");
        assertThat(run(LEAVERS).getException()).isNull();
        assertThat(fileIntake.taken()).containsExactly(LEAVERS);
        assertThat(steps()).containsExactly("take-in-files.record-rows-and-move-to-rest");
    }

    @Test
    void aFileStaysWhileTheLedgerCannotBeWritten() {
        fileIntake.failWith(ledgerDown());
        assertThat(run(LEAVERS).getException()).isInstanceOf(ledgerDown().getClass());
        assertThat(steps()).endsWith("say-why", "wait-a-little");
    }

    @Test
    void aStopInTheMiddleOfAFileLeavesTheRestOfItForTheNextStart() {
        fileIntake.failWith(fault(IntakeStoppedException.class));
        assertThat(run(LEAVERS).getException()).isInstanceOf(IntakeStoppedException.class);
        assertThat(steps()).endsWith("say-that-it-stops");
    }

    /** Records nothing. */
    public static final class FakeIntake extends Fake {

        public Path takeIn(File file) throws Exception {
            take(file);
            return Path.of("archive/leavers.csv");
        }
    }
}
