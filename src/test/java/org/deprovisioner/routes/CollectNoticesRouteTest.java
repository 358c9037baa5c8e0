package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Makes notifications of notices. */
class CollectNoticesRouteTest extends RouteTest {

    private final FakeOutbox notificationOutbox = new FakeOutbox();

    @Override
    void bind(Registry beans) {
        beans.bind("notificationOutbox", notificationOutbox);
    }

    @Test
    void theBeanCollectsWhatIsDueOfAKind() {
        assertThat(from()).isEqualTo("ledger:notices");
        assertThat(run("batch-held").getException()).isNull();
        assertThat(notificationOutbox.taken()).containsExactly("batch-held");
    }

    @Test
    void whatCannotBeCollectedStaysDue() {
        notificationOutbox.failWith(new IllegalStateException("the disk is full"));
        assertThat(run("batch-held").getException()).hasMessage("the disk is full");
        assertThat(steps()).containsExactly("collect-notices.collect");
    }

    /** Collects nothing. */
    public static final class FakeOutbox extends Fake {

        public void collect(Object kind) throws Exception {
            take(kind);
        }
    }
}
