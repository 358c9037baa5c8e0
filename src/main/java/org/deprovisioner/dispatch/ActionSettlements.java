package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.Attempts;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Resolutions;
import org.deprovisioner.pace.Permit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles actions by their answers, of several that went together each by its own part. */
public final class ActionSettlements {

    private static final Logger LOG = LoggerFactory.getLogger(ActionSettlements.class);

    private final Resolutions resolutions;
    private final Attempts attempts;
    private final Tenants tenants;
    private final TenantMemory memory;
    private final AnswerReader answers;
    private final ApprovalSettlements approvals;
    private final boolean verified;
    private final Clock clock;

    /** @param verified whether what was accepted is looked at before it counts as done */
    ActionSettlements(
            Resolutions resolutions,
            Attempts attempts,
            Tenants tenants,
            TenantMemory memory,
            AnswerReader answers,
            ApprovalSettlements approvals,
            boolean verified,
            Clock clock) {
        this.resolutions = resolutions;
        this.attempts = attempts;
        this.tenants = tenants;
        this.memory = memory;
        this.answers = answers;
        this.approvals = approvals;
        this.verified = verified;
        this.clock = clock;
    }

    /** Settles an action by its answer, and of several that went together each by its own part of it. */
    public void settle(Call sent) {
        GraphAnswer whole = sent.answer().orElseThrow();
        if (whole instanceof GraphAnswer.TooLate) {
            withdraw(sent);
            return;
        }
        sent.permit().ifPresent(Permit::used);
        if (sent.ask() instanceof Together together) {
            AnswerRules.refusalOfTheWhole(whole)
                    .ifPresentOrElse(refusal -> sendAlone(sent, refusal), () -> settleEach(sent, together));
        } else {
            settleOne(sent);
            tenants.learn(sent, whole);
        }
    }

    /** What did not leave in time goes through the brakes again: somebody may have cancelled it meanwhile. */
    private void withdraw(Call unsent) {
        LOG.warn(
                "{}: not sent, and tried again: more than {} s went by between its attempt and the call. The program or"
                        + " the machine stood still, or the connection took that long.",
                unsent.calls().get(0).lease().where(),
                Attempts.LEAVES_WITHIN.toSeconds());
        unsent.permit().ifPresent(Permit::unused);
        attempts.withdraw(unsent.attempts());
    }

    private void settleEach(Call sent, Together together) {
        List<Call> actions = together.answered(sent);
        actions.forEach(this::settleOne);
        tenants.learn(sent, actions);
    }

    /** What is not taken together is sent one by one from now on: surely nothing of it was executed. */
    private void sendAlone(Call sent, String refusal) {
        String words = "Graph takes no actions together (" + refusal + "): each is sent alone.";
        if (memory.refusedTogether(sent.tenant())) {
            LOG.warn(
                    "Tenant {}, until the next start: {} For deprovision.mode=bulk the app registration needs the"
                            + " application permission DeviceManagementManagedDevices.PrivilegedOperations.All.",
                    sent.tenant(),
                    words);
        }
        GraphAnswer whole = sent.answer().orElseThrow();
        Postponement again = new Postponement(Duration.ZERO, false, words, false);
        sent.calls().forEach(call -> tryAgain(call.lease(), again, false, whole.status(), whole));
    }

    private void settleOne(Call action) {
        GraphAnswer answer = action.answer().orElseThrow();
        Lease lease = action.lease();
        Settlement settlement = answers.settlement(action);
        Optional<Settlement.Paused> faultsInARow = memory.consecutiveFaults()
                .after(action.tenant(), lease.address().path(), answer, settlement);
        tenants.pauseFor(action.tenant(), faultsInARow);
        tenants.pauseFor(action.tenant(), memory.tooManyFailed(action.tenant(), settlement));
        if (settlement instanceof Settlement.Done done) {
            memory.succeeded(action.tenant(), clock.instant());
            settleDone(lease, done, answer);
        } else if (settlement instanceof Settlement.Dead dead) {
            attempts.settle(lease, Findings.of(dead, answer), answer.graphRequestId());
        } else if (settlement instanceof Settlement.Parked parked) {
            approvals.park(lease, parked, answer.status(), answer.graphCode(), answer.graphRequestId());
        } else if (settlement instanceof Settlement.InDoubt doubt) {
            tenants.pauseFor(action.tenant(), doubt.pause());
            attempts.settleInDoubt(lease, doubt.reason(), answer.status(), answer.graphRequestId());
        } else if (settlement instanceof Settlement.ReadOnceMore) {
            String words = "Graph does not find the device any more; it is looked at once more.";
            tryAgain(lease, new Postponement(Duration.ZERO, true, words, false), true, 404, answer);
        } else if (settlement instanceof Settlement.Common unanswered) {
            closeInAStorm(action.tenant(), unanswered, answer);
            tenants.postpone(action, unanswered)
                    .map(again -> again.chargedUnless(faultsInARow.isPresent()))
                    .ifPresent(again -> tryAgain(lease, again, false, answer.status(), answer));
        }
    }

    private void settleDone(Lease lease, Settlement.Done done, GraphAnswer answer) {
        if (verified && done.success() == Settlement.Success.DEPROVISIONED) {
            attempts.settleAccepted(lease, answer.status(), answer.graphRequestId());
        } else {
            Finding finding = done.success() == Settlement.Success.DEPROVISIONED
                    ? new Finding(Outcome.DEPROVISIONED, answer.status(), "", "", "")
                    : Findings.gone();
            attempts.settle(lease, finding, answer.graphRequestId());
        }
    }

    /** Where Graph is not available several times in a row, the tenant's other calls wait as well. */
    private void closeInAStorm(String tenant, Settlement.Common unanswered, GraphAnswer answer) {
        Optional.of(unanswered)
                .filter(Settlement.Retry.class::isInstance)
                .map(Settlement.Retry.class::cast)
                .filter(retry -> answer.status() == 503 && memory.unavailableInARow(tenant) > 0)
                .ifPresent(retry -> tenants.close(tenant, retry.delay()));
    }

    private void tryAgain(Lease lease, Postponement again, boolean readFirst, int status, GraphAnswer answer) {
        attempts.settleForRetry(
                lease, again.delay(), again.charged(), readFirst, again.reason(), status, answer.graphRequestId());
    }

    /** Ends a request as {@code dry-run} instead of sending it. */
    public void endDryRun(Lease lease) {
        resolutions.endUnsent(
                lease,
                Finding.of(
                        Outcome.DRY_RUN,
                        "Everything was done but the action itself (deprovision.dry-run=true).",
                        "Set deprovision.dry-run=false and drop the file again to send it."));
    }
}
