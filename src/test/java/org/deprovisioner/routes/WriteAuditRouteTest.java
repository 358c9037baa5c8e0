package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Appends what the audit log still has to be told. */
class WriteAuditRouteTest extends RouteTest {

    private final FakeLog auditLog = new FakeLog();

    @Override
    void bind(Registry beans) {
        beans.bind("auditLog", auditLog);
    }

    @Test
    void theBeanAppendsWhatIsDue() {
        assertThat(from()).startsWith("ledger:audit-entries");
        assertThat(run("entries up to 17").getException()).isNull();
        assertThat(auditLog.taken()).containsExactly("entries up to 17");
        assertThat(steps()).containsExactly("write-audit.append");
    }

    @Test
    void whatCannotBeAppendedStaysDue() {
        auditLog.failWith(new IllegalStateException("the disk is full"));
        assertThat(run("entries up to 17").getException()).hasMessage("the disk is full");
        assertThat(steps()).containsExactly("write-audit.append");
    }

    /** Appends nothing. */
    public static final class FakeLog extends Fake {

        public void append(Object work) throws Exception {
            take(work);
        }
    }
}
