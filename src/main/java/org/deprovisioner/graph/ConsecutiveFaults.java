package org.deprovisioner.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.graph.Settlement.Dead;
import org.deprovisioner.graph.Settlement.Done;
import org.deprovisioner.graph.Settlement.Ending;
import org.deprovisioner.graph.Settlement.Failure;
import org.deprovisioner.graph.Settlement.InDoubt;
import org.deprovisioner.graph.Settlement.Paused;
import org.deprovisioner.graph.Settlement.Retry;
import org.deprovisioner.graph.Settlement.Success;

/**
 * Sees what no single answer shows: the same symptom at {@value #LENGTH} different devices of a tenant with no success
 * between is a fault of something else than the devices, and pauses. Once reached, every further answer of that kind
 * pauses again, until a success or {@code resume}.
 *
 * <p>Actions and reads are counted apart, as reads may well pass where actions fail. May be used by many threads.
 */
public final class ConsecutiveFaults {

    static final int LENGTH = 5;

    private static final String REJECTED = "rejected:";

    private final Map<String, Tenant> actions = new HashMap<>();
    private final Map<String, Tenant> reads = new HashMap<>();

    /** Counts the end of an action. A pause is in place of the charge of this attempt, not of its settlement. */
    public synchronized Optional<Paused> after(
            String tenant, String device, GraphAnswer answer, Settlement settlement) {
        return of(actions, tenant)
                .after(device, settlement.equals(new Done(Success.DEPROVISIONED)), symptom(answer, settlement));
    }

    /** Counts what a read said; that a device is not there is an answer like another. */
    public synchronized Optional<Paused> after(String tenant, String device, GraphAnswer answer, ReadResult reading) {
        boolean success = !(reading instanceof Settlement.Common);
        return of(reads, tenant).after(device, success, symptom(answer, reading));
    }

    /**
     * Counts anew after {@code resume}.
     *
     * @param cause the cause of the pause that ended; a code of Graph that caused it is the devices' own fault from now
     *     until something succeeds
     */
    public synchronized void resumed(String tenant, String cause) {
        of(actions, tenant).resumed(cause);
        of(reads, tenant).resumed(cause);
    }

    private static Tenant of(Map<String, Tenant> tenants, String name) {
        return tenants.computeIfAbsent(name, unknown -> new Tenant());
    }

    private static Optional<Symptom> symptom(GraphAnswer answer, Settlement settlement) {
        if (settlement instanceof InDoubt doubt) {
            return Optional.of(new Symptom("in-doubt", doubt.reason(), Remedies.NETWORK, Ending.PROBE));
        }
        return settlement instanceof Settlement.Common common
                ? symptom(answer, common, Remedies.ACT)
                : Optional.empty();
    }

    private static Optional<Symptom> symptom(GraphAnswer answer, ReadResult reading) {
        return reading instanceof Settlement.Common common ? symptom(answer, common, Remedies.READ) : Optional.empty();
    }

    private static Optional<Symptom> symptom(GraphAnswer answer, Settlement.Common end, String permissions) {
        if (!(end instanceof Retry || end instanceof Dead)) {
            return Optional.empty();
        }
        if (isUnavailable(answer)) {
            String words = end instanceof Retry retry ? retry.reason() : ((Dead) end).message();
            return Optional.of(new Symptom("unavailable", words, Remedies.NETWORK, Ending.PROBE));
        }
        if (answer instanceof GraphAnswer.Http http && http.status() / 100 == 2) {
            String words = end instanceof Retry retry ? retry.reason() : ((Dead) end).message();
            return end instanceof Dead dead && dead.failure() == Failure.TOO_LARGE
                    ? Optional.empty()
                    : Optional.of(new Symptom("strange-answers", words, Remedies.STRANGERS, Ending.RESUME));
        }
        if (answer instanceof GraphAnswer.Http http && http.status() == 403) {
            return Optional.of(new Symptom("forbidden", "403", permissions, Ending.RESUME));
        }
        return end instanceof Dead dead && dead.failure() == Failure.REJECTED_BY_GRAPH
                ? Optional.of(new Symptom(
                        REJECTED + dead.code(),
                        dead.code() + ": " + dead.message(),
                        dead.remedy() + " If it is the devices' own fault, 'resume' goes on with the others.",
                        Ending.RESUME))
                : Optional.empty();
    }

    private static boolean isUnavailable(GraphAnswer answer) {
        return answer instanceof GraphAnswer.Http http
                ? http.status() < 200
                        || http.status() == 408
                        || http.status() >= 500
                        || (http.status() == 200 && http.extent() == GraphAnswer.Extent.BROKEN_OFF)
                : !(answer instanceof GraphAnswer.Listed);
    }

    /** What an answer shows, by a cause that is the same for all answers that count together. */
    private record Symptom(String cause, String words, String remedy, Ending ending) {

        Paused paused() {
            String message = LENGTH + " different devices in a row had this, and none succeeded between: " + words;
            return new Paused(cause, message, remedy, ending);
        }
    }

    /** The devices of a tenant that showed a symptom since its last success. */
    private static final class Tenant {

        private final Map<String, Set<String>> devices = new HashMap<>();
        private final Set<String> accepted = new HashSet<>();

        Optional<Paused> after(String device, boolean success, Optional<Symptom> symptom) {
            if (success) {
                devices.clear();
                accepted.clear();
            }
            return symptom.filter(seen -> !accepted.contains(seen.cause()))
                    .filter(seen -> reaches(device, seen))
                    .map(Symptom::paused);
        }

        private boolean reaches(String device, Symptom seen) {
            Set<String> ill = devices.computeIfAbsent(seen.cause(), unknown -> new HashSet<>());
            if (ill.size() < LENGTH) {
                ill.add(device);
            }
            return ill.size() == LENGTH;
        }

        void resumed(String cause) {
            devices.clear();
            if (cause.startsWith(REJECTED)) {
                accepted.add(cause);
            }
        }
    }
}
