package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Moves each approval that has arrived as a file away, then releases the batch that it is named after. */
class TakeApprovalsRouteTest extends RouteTest {

    private static final File APPROVAL = new File("leavers.txt");

    private final FakeApprovals approvalFiles = new FakeApprovals();

    @Override
    void bind(Registry beans) {
        beans.bind("approvalFiles", approvalFiles);
    }

    @Test
    void theBeanTakesEachApprovalThatHasArrived() {
        assertThat(from()).startsWith("data:approvals?").contains("filter=#arrivedApprovals", "noop=true");
        assertThat(run(APPROVAL).getException()).isNull();
        assertThat(approvalFiles.taken()).containsExactly(APPROVAL);
        assertThat(steps()).containsExactly("take-approvals.move-away-and-release");
    }

    @Test
    void oneThatFailsIsLeftToTheFoldersNextLook() {
        approvalFiles.failWith(new IllegalStateException("it cannot be read"));
        assertThat(run(APPROVAL).getException()).hasMessage("it cannot be read");
        assertThat(steps()).containsExactly("take-approvals.move-away-and-release");
    }

    /** Approves nothing. */
    public static final class FakeApprovals extends Fake {

        public void take(File file) throws Exception {
            super.take(file);
        }
    }
}
