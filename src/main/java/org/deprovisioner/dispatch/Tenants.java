package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Headers;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.token.TokenException;
import org.deprovisioner.token.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an answer means for its tenant beyond its request: how fast the next calls may come, the token, and a pause. */
final class Tenants {

    private static final Logger LOG = LoggerFactory.getLogger(Tenants.class);
    private static final String US = "Deprovisioner";

    private final Pauses pauses;
    private final Pace pace;
    private final Tokens tokens;
    private final TenantMemory memory;
    private final Clock clock;

    Tenants(Pauses pauses, Pace pace, Tokens tokens, TenantMemory memory, Clock clock) {
        this.pauses = pauses;
        this.pace = pace;
        this.tokens = tokens;
        this.memory = memory;
        this.clock = clock;
    }

    /** What an answer tells of the tenant: how its next calls are settled, and how fast they may come. */
    void learn(Call call, GraphAnswer answer) {
        String tenant = call.tenant();
        memory.answered(tenant, answer);
        int status = answer.status();
        boolean storm = status == 503 && memory.unavailableInARow(tenant) > 1;
        Optional<Double> used = answer.http().flatMap(http -> http.headers().limitUsed());
        call.permit().ifPresent(permit -> {
            if (status == 429 || storm) {
                permit.refused().ifPresent(share -> keep(call, share, "slowed down to", status + limit(answer)));
            } else if (used.isPresent()) {
                String how = used.get() > 1 ? "slowed down to" : "held at";
                permit.advised(used.get())
                        .ifPresent(share -> keep(call, share, how, Headers.LIMIT_USED + limit(answer)));
            }
            if (status >= 200 && status < 500 && status != 429) {
                permit.passed();
            }
        });
    }

    /** What the parts of a combined answer tell: however many calls in one were throttled, it was one time. */
    void learn(Call whole, List<Call> parts) {
        List<GraphAnswer> answers =
                parts.stream().flatMap(call -> call.answer().stream()).toList();
        answers.stream().filter(answer -> answer.status() != 429).forEach(one -> learn(whole, one));
        answers.stream().filter(answer -> answer.status() == 429).findFirst().ifPresent(one -> learn(whole, one));
    }

    /** Which limit it was and whose, as an addition; empty where Graph did not say. */
    private static String limit(GraphAnswer answer) {
        return answer.http()
                .map(http -> http.headers().limitWords())
                .filter(words -> !words.isEmpty())
                .map(words -> " (" + words + ")")
                .orElse("");
    }

    private void keep(Call call, double share, String how, String by) {
        boolean write = call.isWrite();
        LOG.info(
                "Tenant {}: {} are {} {}% of the quota, after {}.",
                call.tenant(), write ? "actions" : "reads", how, Math.round(share * 100), by);
        pauses.slowLane(call.tenant(), write, share, by);
    }

    /** How long the window of its quota is. */
    Duration window(String tenant) {
        return pace.window(tenant);
    }

    /** Closes both lanes for a time, which survives a restart. */
    void close(String tenant, Duration time) {
        pace.close(tenant, time);
        pauses.closeLane(tenant, clock.instant().plus(time));
    }

    /**
     * Does for the tenant what an answer asks for that tells nothing of the device: its lanes close, it gets a new token, it
     * pauses.
     *
     * @return how the request goes on; empty when the answer is of another sort, and settles it
     */
    Optional<Postponement> postpone(Call call, ReadResult answered) {
        if (answered instanceof Settlement.Retry retry) {
            return Optional.of(new Postponement(retry.delay(), retry.charged(), retry.reason(), false));
        } else if (answered instanceof Settlement.Throttled throttled) {
            close(call.tenant(), throttled.laneClosed());
            return Optional.of(
                    new Postponement(throttled.laneClosed(), false, "Graph wants fewer calls (429).", false));
        } else if (answered instanceof Settlement.NewToken renewal) {
            renewToken(call, renewal);
            return Optional.of(
                    new Postponement(Duration.ZERO, false, "The token was refused (401); a new one is used.", false));
        } else if (answered instanceof Settlement.Paused pause) {
            pause(call.tenant(), pause);
            return Optional.of(new Postponement(Duration.ZERO, false, pause.message(), true));
        }
        return Optional.empty();
    }

    /** The token that a call bore was refused: the next call bears another. */
    private void renewToken(Call call, Settlement.NewToken renewal) {
        call.token().ifPresent(refused -> {
            memory.refused(call.tenant(), refused);
            tokens.invalidate(call.tenant(), refused, renewal.claims());
        });
    }

    /** Pauses for a fault, unless {@code resume} took it as the devices' own. */
    void pauseFor(String tenant, Optional<Settlement.Paused> fault) {
        fault.filter(found -> !pauses.accepted(tenant, found.cause())).ifPresent(found -> pause(tenant, found));
    }

    void pause(String tenant, Settlement.Paused pause) {
        Pause.EndsBy kind = pause.ending() == Settlement.Ending.PROBE ? Pause.EndsBy.PROBE : Pause.EndsBy.RESUME;
        pause(tenant, kind, pause.cause(), pause.message(), pause.remedy());
        memory.paused(tenant, pause.cause());
        memory.seePause(tenant); // where a pause stood that this one did not replace, it is that which will end
    }

    /** Without a token nothing can be sent. */
    void pauseWithoutToken(String tenant, TokenException refusal) {
        String message = refusal.getMessage() == null ? refusal.getClass().getSimpleName() : refusal.getMessage();
        String cause = refusal.isUnreachable() ? "token" : Pause.TOKEN_REFUSED;
        pause(tenant, Pause.EndsBy.PROBE, cause, message, refusal.remedy());
    }

    private void pause(String tenant, Pause.EndsBy kind, String cause, String message, String remedy) {
        if (pauses.pause(tenant, kind, cause, message, remedy, US)) {
            LOG.error("Tenant {} is paused: {} {}", tenant, Pause.sentence(message), remedy);
        }
    }
}
