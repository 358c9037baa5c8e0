package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.deprovisioner.graph.Answer;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Queue;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.token.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a call before it is made, each a step of its route. */
public final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration AFTER_A_FAULT = Duration.ofMinutes(1);

    private final String baseUrl;
    private final Queue queue;
    private final Tokens tokens;
    private final Pace pace;
    private final Brakes brakes;
    private final TenantMemory memory;
    private final Optional<Duration> resolveMaxAge;
    private final Clock clock;
    private final Instant started;

    /**
     * @param resolveMaxAge after which time a device is looked at again; empty when devices are never looked at
     */
    Calls(
            String baseUrl,
            Queue queue,
            Tokens tokens,
            Pace pace,
            Brakes brakes,
            TenantMemory memory,
            Optional<Duration> resolveMaxAge,
            Clock clock) {
        this.baseUrl = baseUrl;
        this.queue = queue;
        this.tokens = tokens;
        this.pace = pace;
        this.brakes = brakes;
        this.memory = memory;
        this.resolveMaxAge = resolveMaxAge;
        this.clock = clock;
        this.started = clock.instant();
    }

    /** The call that looks at the device of a request for the first time. */
    public Call look(Lease lease) {
        return Call.look(lease, baseUrl);
    }

    /** The call that deprovisions the device of a request. */
    public Call action(Lease lease) {
        return Call.of(Call.Kind.ACTION, lease, baseUrl);
    }

    /** The call that looks at the device again before its action. */
    public Call lookAgain(Call action) {
        return action.as(Call.Kind.LOOK_AGAIN);
    }

    /** The call that shows whether a paused tenant answers again. */
    public Call probe(Pause pause) {
        return Call.probe(pause.scope(), baseUrl);
    }

    /** Whether what is known of the device is too old, or from before this start. */
    public boolean isStale(Call call) {
        return resolveMaxAge.isPresent()
                && call.lease()
                        .resolved()
                        .filter(seen -> !seen.isBefore(started))
                        .filter(seen -> seen.plus(resolveMaxAge.get()).isAfter(clock.instant()))
                        .isEmpty();
    }

    /** Adds the tenant's token; one is acquired when none is held, and after a pause that {@code resume} ended. */
    public Call authorize(Call call) {
        if (memory.takeEndedPause(call.tenant())) {
            tokens.forget(call.tenant());
        }
        return call.with(tokens.current(call.tenant()));
    }

    /** Waits for the right to make this call now. */
    public Call awaitPermit(Call call) throws NotNow {
        try {
            String tenant = call.tenant();
            return call.with(call.kind() == Call.Kind.ACTION ? pace.awaitWrite(tenant) : pace.awaitRead(tenant));
        } catch (InterruptedException stopping) {
            throw new NotNow("The program is stopping.");
        }
    }

    /** Looks at the brakes once more: a pause, or a STOP file. */
    public Call checkBrakes(Call call) throws NotNow {
        Optional<String> on = brakes.on(call.tenant());
        if (on.isPresent()) {
            throw new NotNow(on.get());
        }
        return call;
    }

    /** Records the attempt. Only what is recorded is sent. */
    public Call begin(Call call) throws NotNow {
        if (!queue.begin(call.lease(), call.clientRequestId())) {
            throw new NotNow(call.lease().where() + " was paused, cancelled or taken over.");
        }
        return call.recorded();
    }

    /** Keeps the answer. */
    public Call answered(Call call, Answer answer) {
        return call.with(answer);
    }

    /** Keeps what came instead of an answer. */
    public Call unanswered(Call call, Exception failure) {
        return call.with(Answer.of(failure));
    }

    /** Gives back what a request holds that may not go on now: its permit and its lease. */
    public void giveBack(Object work, Exception why) {
        LOG.debug("Given back: {}", why.getMessage());
        if (work instanceof Lease lease) {
            queue.giveBack(lease);
        } else if (work instanceof Call call) {
            call.permit().ifPresent(Permit::unused);
            call.request().ifPresent(queue::giveBack);
        }
    }

    /** Keeps a request safe that met a fault nobody foresaw: in doubt once its call may have been made. */
    public void keepUnforeseen(Call call, Exception fault) {
        call.permit().ifPresent(Permit::used);
        if (call.begun()) {
            LOG.error("{}: unforeseen: {}", call.lease().where(), fault.getMessage(), fault);
            queue.settleInDoubt(call.lease(), "The program failed while the call was under way.", 0, "");
        } else {
            call.request().ifPresent(lease -> keepUnforeseen(lease, fault));
        }
    }

    /** Keeps a request safe that met a fault nobody foresaw before it was a call. */
    public void keepUnforeseen(Lease lease, Exception fault) {
        LOG.error("{}: unforeseen: {}", lease.where(), fault.getMessage(), fault);
        queue.readLater(lease, AFTER_A_FAULT, true, "The program failed: " + fault.getMessage());
    }
}
