package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.AttemptHistory;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.MultiAdminApproval;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.settings.Settings;

/** What the answer to a call says, by the rules of answers and by what is known of the request and its tenant. */
final class AnswerReader {

    private final Settings.Pace limits;
    private final boolean resolves;
    private final AnswerRules rules;
    private final Pauses pauses;
    private final Tenants tenants;
    private final TenantMemory memory;
    private final Clock clock;

    /** @param resolves whether devices are looked at before they are acted on */
    AnswerReader(
            Settings.Pace limits,
            boolean resolves,
            AnswerRules rules,
            Pauses pauses,
            Tenants tenants,
            TenantMemory memory,
            Clock clock) {
        this.limits = limits;
        this.resolves = resolves;
        this.rules = rules;
        this.pauses = pauses;
        this.tenants = tenants;
        this.memory = memory;
        this.clock = clock;
    }

    /** How an action ended. */
    Settlement settlement(Call action) {
        GraphAnswer answer = action.answer().orElseThrow();
        Lease lease = action.lease();
        return MultiAdminApproval.settle(answer, ApprovalSettlements.asked(action.ask()), clock.instant())
                .orElseGet(() -> rules.settle(answer, history(action, lease.attempts(), lease.tried())));
    }

    /** What a read shows; that it shows anything ends the faults in a row of its tenant. */
    ReadResult read(Call look) {
        GraphAnswer answer = look.answer().orElseThrow();
        int looks = look.ask().request().map(Lease::looks).orElse(0);
        ReadResult reading = rules.read(
                answer, history(look, looks, Duration.ZERO), look.ask().sought());
        if (!(reading instanceof Settlement.Common)) {
            memory.consecutiveFaults().after(look.tenant(), "", answer, reading);
        }
        return reading;
    }

    /** How an approval stands. */
    ReadResult poll(Call poll) {
        String code = poll.ask(Poll.class).code();
        return MultiAdminApproval.poll(code, poll.answer().orElseThrow(), rules, history(poll, 0, Duration.ZERO));
    }

    private AttemptHistory history(Call call, int charged, Duration tried) {
        Optional<Lease> request = call.ask().request();
        return new AttemptHistory(
                charged,
                limits.maxAttempts(),
                tried,
                limits.maxAge(),
                !isTaken(call) && pauses.isProbing(call.tenant()),
                memory.boreReplacement(call),
                resolves && request.flatMap(Lease::resolved).isPresent(),
                call.permit().map(Permit::refusalsBefore).orElse(0),
                tenants.window(call.tenant()),
                request.filter(lease -> lease.lastStatus() == 403).flatMap(Lease::lastAttempt),
                memory.lastSuccess(call.tenant()));
    }

    /** Whether the answer says all by itself: most do. */
    private static boolean isTaken(Call call) {
        return call.isWrite() && call.answer().map(GraphAnswer::status).orElse(0) == 204;
    }
}
