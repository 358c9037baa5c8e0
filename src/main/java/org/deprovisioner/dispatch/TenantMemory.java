package org.deprovisioner.dispatch;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.deprovisioner.graph.ConsecutiveFaults;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.guard.FailureRate;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.token.BearerToken;

/**
 * What the latest answers of each tenant were like, as far as settling the next one needs it. It may be forgotten: after
 * a restart everything is counted anew.
 */
final class TenantMemory {

    private static final String TOO_MANY_FAILED = "failure-rate";

    private final Pauses ledger;
    private final ConsecutiveFaults consecutiveFaults = new ConsecutiveFaults();
    private final FailureRate failureRate = new FailureRate();
    private final Fleets fleets = new Fleets();
    private final Map<String, Integer> unavailable = new ConcurrentHashMap<>();
    private final Map<String, Instant> successes = new ConcurrentHashMap<>();
    private final Map<String, BearerToken> refused = new ConcurrentHashMap<>();
    private final Set<String> refusingTogether = ConcurrentHashMap.newKeySet();
    private final Set<String> refusingLooksTogether = ConcurrentHashMap.newKeySet();
    private final Map<String, String> pauses = new ConcurrentHashMap<>();

    TenantMemory(Pauses ledger) {
        this.ledger = ledger;
    }

    void answered(String tenant, GraphAnswer answer) {
        if (answer instanceof GraphAnswer.Http http) {
            unavailable.compute(
                    tenant,
                    (name, before) -> http.status() == 503 && http.error().isPresent() ? sum(before) : null);
            if (http.status() != 401) {
                refused.remove(tenant);
            }
        }
    }

    /** Graph refuses to take actions of this tenant together; whether that is news. */
    boolean refusedTogether(String tenant) {
        return refusingTogether.add(tenant);
    }

    /** Whether actions of this tenant must be sent one by one, whatever the mode. */
    boolean refusesTogether(String tenant) {
        return refusingTogether.contains(tenant);
    }

    /** Graph refuses to take looks of this tenant together; whether that is news. */
    boolean refusedLooksTogether(String tenant) {
        return refusingLooksTogether.add(tenant);
    }

    /** Whether devices of this tenant must be looked at one by one. */
    boolean refusesLooksTogether(String tenant) {
        return refusingLooksTogether.contains(tenant);
    }

    private static int sum(@org.jspecify.annotations.Nullable Integer before) {
        return before == null ? 1 : before + 1;
    }

    /** How many answers of Graph just before were 503. */
    int unavailableInARow(String tenant) {
        return unavailable.getOrDefault(tenant, 0);
    }

    void succeeded(String tenant, Instant at) {
        successes.put(tenant, at);
    }

    Optional<Instant> lastSuccess(String tenant) {
        return Optional.ofNullable(successes.get(tenant));
    }

    /** A token was refused and is replaced. */
    void refused(String tenant, BearerToken token) {
        refused.put(tenant, token);
    }

    /** Whether the call bore a token that replaced a refused one, and nothing was answered since but 401. */
    boolean boreReplacement(Call call) {
        BearerToken before = refused.get(call.tenant());
        return before != null
                && call.token().filter(token -> !token.equals(before)).isPresent();
    }

    void paused(String tenant, String cause) {
        pauses.put(tenant, cause);
    }

    /** Sees a pause that waits for {@code resume}, whoever set it; the tenant's own counts before one of all. */
    void seePause(String tenant) {
        standing(tenant).filter(pause -> pause.kind() == Pause.EndsBy.RESUME).forEach(pause -> {
            if (pause.scope().equals(tenant)) {
                paused(tenant, pause.cause());
            } else {
                pauses.putIfAbsent(tenant, pause.cause());
            }
        });
    }

    /**
     * Whether a pause has ended since, said once: what led to it counts anew. One that probes has not ended. That too many
     * actions fail is accepted by nobody but who resumes from the pause that says so.
     */
    boolean takeEndedPause(String tenant) {
        if (!pauses.containsKey(tenant) || standing(tenant).findAny().isPresent()) {
            return false;
        }
        Optional<String> cause = Optional.ofNullable(pauses.remove(tenant));
        cause.ifPresent(ended -> consecutiveFaults.resumed(tenant, ended));
        cause.filter(TOO_MANY_FAILED::equals).ifPresent(ended -> failureRate.resumed(tenant));
        return cause.isPresent();
    }

    private Stream<Pause> standing(String tenant) {
        return ledger.all().stream()
                .filter(pause -> pause.scope().equals(tenant) || pause.scope().equals(Pause.ALL));
    }

    ConsecutiveFaults consecutiveFaults() {
        return consecutiveFaults;
    }

    /** Too many of the latest actions failed, this one included. What is in doubt is no failure yet. */
    Optional<Settlement.Paused> tooManyFailed(String tenant, Settlement settlement) {
        boolean failed = settlement instanceof Settlement.Dead;
        return failed || settlement instanceof Settlement.Done
                ? failureRate
                        .ended(tenant, !failed)
                        .map(why -> new Settlement.Paused(
                                TOO_MANY_FAILED,
                                why,
                                "Look at the dead letters. If they are the devices' own fault, 'resume' goes on with the"
                                        + " others; 'cancel' ends a batch that was a mistake.",
                                Settlement.Ending.RESUME))
                : Optional.empty();
    }

    /** How many devices each tenant has. */
    Fleets fleets() {
        return fleets;
    }
}
