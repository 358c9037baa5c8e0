package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Holds or pauses the batch of a file that changes after it was read. */
class WatchTakenFilesRouteTest extends RouteTest {

    private final FakeChanges fileChanges = new FakeChanges();

    @Override
    void bind(Registry beans) {
        beans.bind("fileChanges", fileChanges);
    }

    @Test
    void theBeanActsOnEachFileThatChanged() {
        assertThat(from()).startsWith("ledger:changed-files");
        assertThat(run("a change").getException()).isNull();
        assertThat(fileChanges.taken()).containsExactly("a change");
        assertThat(steps()).containsExactly("watch-taken-files.hold-or-pause");
    }

    @Test
    void whatFailsIsSeenAgainByTheNextLook() {
        fileChanges.failWith(new IllegalStateException("the disk is full"));
        assertThat(run("a change").getException()).hasMessage("the disk is full");
        assertThat(steps()).containsExactly("watch-taken-files.hold-or-pause");
    }

    /** Holds nothing. */
    public static final class FakeChanges extends Fake {

        public void act(Object work) throws Exception {
            take(work);
        }
    }
}
