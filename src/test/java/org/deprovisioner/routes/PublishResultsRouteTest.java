package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Writes the results, dead letters and held note of each batch that changed. */
class PublishResultsRouteTest extends RouteTest {

    private final FakeNotes heldNotes = new FakeNotes();
    private final FakeFiles resultFiles = new FakeFiles();

    @Override
    void bind(Registry beans) {
        beans.bind("heldNotes", heldNotes);
        beans.bind("resultFiles", resultFiles);
    }

    @Test
    void theNoteIsWrittenAndThenTheResults() {
        assertThat(from()).startsWith("ledger:changed-batches");
        assertThat(run("a batch").getException()).isNull();
        assertThat(heldNotes.taken()).containsExactly("a batch");
        assertThat(resultFiles.taken()).containsExactly("a batch");
        assertThat(steps()).containsExactly("publish-results.held-note", "publish-results.results");
    }

    @Test
    void whatCannotBeWrittenIsWrittenAtTheNextTurn() {
        heldNotes.failWith(new IllegalStateException("the disk is full"));
        assertThat(run("a batch").getException()).hasMessage("the disk is full");
        assertThat(steps()).containsExactly("publish-results.held-note");
    }

    /** Writes nothing. */
    public static final class FakeNotes extends Fake {

        public void writeOfBatch(Object work) throws Exception {
            take(work);
        }
    }

    /** Writes nothing. */
    public static final class FakeFiles extends Fake {

        public void write(Object work) throws Exception {
            take(work);
        }
    }
}
