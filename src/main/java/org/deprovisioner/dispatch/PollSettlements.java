package org.deprovisioner.dispatch;

import java.time.Duration;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.pace.Permit;

/** Settles polls of Intune's approval requests. */
public final class PollSettlements {

    private final Tenants tenants;
    private final TenantMemory memory;
    private final AnswerReader answers;
    private final ApprovalSettlements approvals;

    PollSettlements(Tenants tenants, TenantMemory memory, AnswerReader answers, ApprovalSettlements approvals) {
        this.tenants = tenants;
        this.memory = memory;
        this.answers = answers;
        this.approvals = approvals;
    }

    /** Settles a poll by its answer. */
    public void settle(Call poll) {
        poll.permit().ifPresent(Permit::used);
        GraphAnswer answer = poll.answer().orElseThrow();
        ReadResult reading = answers.poll(poll);
        tenants.learn(poll, answer);
        tenants.pauseFor(
                poll.tenant(),
                memory.consecutiveFaults().after(poll.tenant(), poll.ask().subject(), answer, reading));
        Duration wait = tenants.postpone(poll, reading).map(Postponement::delay).orElse(Duration.ZERO);
        approvals.polled(poll.lease(), reading, wait);
    }
}
