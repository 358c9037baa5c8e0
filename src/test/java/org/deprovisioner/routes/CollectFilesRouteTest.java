package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.spi.Registry;
import org.deprovisioner.intake.IntakeStoppedException;
import org.junit.jupiter.api.Test;

/** Takes each file that has wholly arrived out of the inbox. */
class CollectFilesRouteTest extends RouteTest {

    private static final File LEAVERS = new File("leavers.csv");

    private final FakeIntake fileIntake = new FakeIntake();

    @Override
    void bind(Registry beans) {
        beans.bind("fileIntake", fileIntake);
    }

    @Test
    void aFileThatHasArrivedIsMovedByTheBeanAndByNobodyElse() {
        assertThat(from()).startsWith("data:inbox?").contains("filter=#arrivedFiles", "noop=true", "idempotent=false");
        assertThat(run(LEAVERS).getException()).isNull();
        assertThat(fileIntake.taken()).containsExactly(LEAVERS);
        assertThat(steps()).containsExactly("collect-files.move-to-working");
    }

    @Test
    void theSameFileIsTakenAgainWhenItIsThereAgain() {
        run(LEAVERS);
        run(LEAVERS);
        assertThat(fileIntake.taken()).containsExactly(LEAVERS, LEAVERS);
    }

    @Test
    void aFileThatCannotBeMovedStaysAndIsTriedAgainAfterAWhile() {
        fileIntake.failWith(new IOException("the share is gone"));
        assertThat(run(LEAVERS).getException()).hasMessage("the share is gone");
        assertThat(steps()).endsWith("say-why", "wait-a-little");
    }

    @Test
    void aStopOfTheServiceLeavesTheFileAndDoesNotWait() {
        fileIntake.failWith(fault(IntakeStoppedException.class));
        assertThat(run(LEAVERS).getException()).isInstanceOf(IntakeStoppedException.class);
        assertThat(steps()).endsWith("say-that-it-stops");
    }

    /** Moves no file. */
    public static final class FakeIntake extends Fake {

        public Path collect(File file) throws Exception {
            take(file);
            return Path.of("1-" + file);
        }
    }
}
