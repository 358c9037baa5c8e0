package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Guards each unit as a whole once its devices are resolved. */
class GuardUnitsRouteTest extends RouteTest {

    private final FakeGuard unitGuard = new FakeGuard();
    private final FakeNotes heldNotes = new FakeNotes();

    @Override
    void bind(Registry beans) {
        beans.bind("unitGuard", unitGuard);
        beans.bind("heldNotes", heldNotes);
    }

    @Test
    void aUnitIsGuardedAndThenItsNoteIsWritten() {
        assertThat(from()).startsWith("ledger:resolved-units");
        assertThat(run("a unit").getException()).isNull();
        assertThat(unitGuard.taken()).containsExactly("a unit");
        assertThat(heldNotes.taken()).containsExactly("a unit");
        assertThat(steps()).containsExactly("guard-units.guard", "guard-units.held-note");
    }

    @Test
    void ofAUnitThatCannotBeGuardedNowNoNoteIsWrittenAndItComesAgain() {
        unitGuard.failWith(new IllegalStateException("the disk is full"));
        assertThat(run("a unit").getException()).hasMessage("the disk is full");
        assertThat(steps()).containsExactly("guard-units.guard");
    }

    /** Lets everything through. */
    public static final class FakeGuard extends Fake {

        public void guard(Object work) throws Exception {
            take(work);
        }
    }

    /** Writes nothing. */
    public static final class FakeNotes extends Fake {

        public void writeOfUnit(Object work) throws Exception {
            take(work);
        }
    }
}
