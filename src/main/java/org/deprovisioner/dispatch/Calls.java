package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deprovisioner.graph.LeavesBy;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Attempts;
import org.deprovisioner.ledger.Claims;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Resolutions;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.settings.Settings.Mode;
import org.deprovisioner.token.TokenException;
import org.deprovisioner.token.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a call before it is made, each a step of its route. */
public final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration AFTER_A_FAULT = Duration.ofMinutes(1);

    private final String baseUrl;
    private final Mode mode;
    private final Claims claims;
    private final Resolutions resolutions;
    private final Attempts attempts;
    private final Tokens tokens;
    private final Pace pace;
    private final Brakes brakes;
    private final TenantMemory memory;
    private final Tenants tenants;
    private final Justifications justifications;
    private final Optional<Duration> resolveMaxAge;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Supplier<Instant> started;

    /**
     * @param resolveMaxAge after which time a device is looked at again; empty when devices are never looked at
     * @param started since when this service works the ledger off
     */
    Calls(
            String baseUrl,
            Mode mode,
            Claims claims,
            Resolutions resolutions,
            Attempts attempts,
            Tokens tokens,
            Pace pace,
            Brakes brakes,
            TenantMemory memory,
            Tenants tenants,
            Justifications justifications,
            Optional<Duration> resolveMaxAge,
            Clock clock,
            LongSupplier nanoTime,
            Supplier<Instant> started) {
        this.baseUrl = baseUrl;
        this.mode = mode;
        this.claims = claims;
        this.resolutions = resolutions;
        this.attempts = attempts;
        this.tokens = tokens;
        this.pace = pace;
        this.brakes = brakes;
        this.memory = memory;
        this.tenants = tenants;
        this.justifications = justifications;
        this.resolveMaxAge = resolveMaxAge;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.started = started;
    }

    /** The calls that look at the devices of requests for the first time. */
    public List<Call> looks(List<Lease> leases) {
        return leases.stream().map(lease -> Call.of(Look.first(lease), baseUrl)).toList();
    }

    /** The looks that are still to be made, in one piece. */
    public Call lookTogether(List<Call> looks) {
        return looks.size() == 1 ? looks.get(0) : Call.together(Mode.BATCH, looks);
    }

    /** The call that deprovisions the device of a request. */
    public Call action(Lease lease) {
        return Call.of(new Action(lease, justifications.of(lease)), baseUrl);
    }

    /** The calls that deprovision the devices of requests that can go together. */
    public List<Call> actions(List<Lease> leases) {
        return leases.stream().map(this::action).toList();
    }

    /**
     * The actions in one piece, without those whose devices were looked at again and that have ended or have to wait.
     *
     * @throws NotNowException when none is left, or the tenant has refused to take actions together meanwhile
     */
    public Call together(List<Call> actions) throws NotNowException {
        List<Call> standing = actions.stream().filter(Call::isWrite).toList();
        if (standing.isEmpty()) {
            throw new NotNowException("All requests of the group have ended or have to wait.");
        }
        Call first = standing.get(0);
        boolean refused = memory.refusesTogether(first.tenant());
        if (refused && standing.size() > 1) {
            throw new NotNowException("The tenant takes no actions together; each is sent alone.");
        }
        boolean alone =
                mode == Mode.BULK && !Together.isForBulk(first.lease().address().form());
        return refused || alone ? first : Call.together(mode, standing);
    }

    /** The call that looks at the device again before its action. */
    public Call lookAgain(Call action) {
        return action.then(new LookAgain(action.ask()));
    }

    /** The call that looks at the device of a request in doubt. */
    public Call readBack(Lease lease) {
        return Call.of(ReadBack.of(lease), baseUrl);
    }

    /** The call that shows how the approval of a request stands. */
    public Call poll(Lease lease) {
        return Call.of(new Poll(lease), baseUrl);
    }

    /** The call that shows whether a paused tenant answers again. */
    public Call probe(Pause pause) {
        return Call.of(new Probe(pause.scope()), baseUrl);
    }

    /** Whether what is known of the device is too old, or from before this start. */
    public boolean isStale(Call call) {
        return resolveMaxAge.isPresent()
                && call.lease()
                        .resolved()
                        .filter(seen -> !seen.isBefore(started.get()) && !seen.isAfter(clock.instant()))
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
    public Call awaitPermit(Call call) throws NotNowException {
        try {
            String tenant = call.tenant();
            int places = call.ask().places();
            return call.with(call.isWrite() ? pace.awaitWrites(tenant, places) : pace.awaitReads(tenant, places));
        } catch (InterruptedException stopping) {
            throw new NotNowException("The program is stopping.");
        }
    }

    /**
     * Looks at the brakes once more: a STOP file, a pause and, for an action, the allowed hours; at a pause that holds an
     * action looks {@link #begin}, in its own transaction.
     */
    public Call checkBrakes(Call call) throws NotNowException {
        Optional<String> on = call.isWrite() ? brakes.onAllActions() : brakes.on(call.tenant());
        if (on.isPresent()) {
            throw new NotNowException(on.get());
        }
        return call;
    }

    /** Records the attempts. Only what is recorded is sent. */
    public Call begin(Call call) throws NotNowException {
        LeavesBy leavesBy = LeavesBy.in(Attempts.LEAVES_WITHIN, nanoTime, clock);
        Map<Lease, String> asked = call.attempts();
        Set<Lease> begun = attempts.begin(asked);
        if (begun.isEmpty()) {
            throw new NotNowException(call.calls().get(0).lease().where() + " was paused, cancelled or taken over.");
        }
        asked.keySet().stream().filter(lease -> !begun.contains(lease)).forEach(claims::giveBack);
        return call.only(call.calls().stream()
                        .filter(one -> begun.contains(one.lease()))
                        .toList())
                .with(leavesBy);
    }

    /** Gives back what requests hold that may not go on now: the permit and the leases. */
    public void giveBack(Object work, Exception why) {
        LOG.debug("Given back: {}", why.getMessage());
        permit(work).ifPresent(Permit::unused);
        leases(work).forEach(claims::giveBack);
    }

    /** No token was to be had: the tenant pauses, and its requests stay where they are. */
    public void tokenRefused(Object work, TokenException refusal) {
        permit(work).ifPresent(Permit::unused);
        if (work instanceof Call call) {
            tenants.pauseWithoutToken(call.tenant(), refusal);
            leases(call).forEach(claims::giveBack);
        }
    }

    private static Optional<Permit> permit(Object work) {
        return work instanceof Call call ? call.permit() : Optional.empty();
    }

    /** The leases of whatever is on its way through a route. */
    private static Stream<Lease> leases(Object work) {
        if (work instanceof Collection<?> several) {
            return several.stream().flatMap(Calls::leases);
        }
        if (work instanceof Call call) {
            return call.calls().stream().flatMap(one -> one.ask().request().stream());
        }
        return work instanceof Lease lease ? Stream.of(lease) : Stream.empty();
    }

    /** Whether this is what the ledger gave out: a call, a lease, or several of them. */
    public boolean isWork(Object work) {
        return work instanceof Call || work instanceof Lease || work instanceof Collection<?>;
    }

    /** Keeps requests safe that met a fault nobody foresaw: in doubt once their call may have been made. */
    public void keepUnforeseen(Object work, Exception fault) {
        permit(work).ifPresent(Permit::used);
        boolean begun = work instanceof Call call && call.begun();
        leases(work).forEach(lease -> {
            LOG.error("{}: the program failed: {}", lease.where(), fault.getMessage(), fault);
            if (begun) {
                attempts.settleInDoubt(lease, "The program failed while the call was under way.", 0, "");
            } else {
                resolutions.readLater(lease, AFTER_A_FAULT, true, "The program failed: " + fault.getMessage());
            }
        });
    }
}
