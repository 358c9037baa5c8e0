package org.deprovisioner.graph;

import static org.deprovisioner.graph.Remedies.ACT;
import static org.deprovisioner.graph.Remedies.READ;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.deprovisioner.graph.Settlement.Common;
import org.deprovisioner.graph.Settlement.Dead;
import org.deprovisioner.graph.Settlement.Done;
import org.deprovisioner.graph.Settlement.Ending;
import org.deprovisioner.graph.Settlement.Failure;
import org.deprovisioner.graph.Settlement.InDoubt;
import org.deprovisioner.graph.Settlement.NewToken;
import org.deprovisioner.graph.Settlement.Paused;
import org.deprovisioner.graph.Settlement.ReadOnceMore;
import org.deprovisioner.graph.Settlement.Retry;
import org.deprovisioner.graph.Settlement.Success;
import org.deprovisioner.graph.Settlement.Throttled;

/**
 * From an answer to what becomes of its request. It keeps nothing and decides by its arguments alone, but for the
 * jitter of a delay. What only a row of answers shows is told by {@link ConsecutiveFaults}.
 */
public final class AnswerRules {

    private static final Duration THROTTLED_FIRST = Duration.ofSeconds(1);
    private static final Duration THROTTLED_LONGEST = Duration.ofSeconds(15);

    /** The first rest is no more than such a part of the window: in a short one a second would be much of it. */
    private static final int PART_OF_WINDOW = 10;

    private static final Backoff UNAVAILABLE = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final Backoff BUSY = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(15));
    private static final Backoff FORBIDDEN = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(15));

    /** What Graph says of the token, the pace or a device, be it alone or with others. */
    private static final Set<Integer> NOT_OF_THE_WHOLE = Set.of(401, 408, 409, 423, 429);

    private static final Set<Integer> APPROVAL_STATUS = Set.of(400, 403, 409, 412);
    private static final Pattern APPROVAL = Pattern.compile(
            "(?i)x-msft-approval|multi[- ]?admin approval|approval ?(required|request|code|justification)"
                    + "|requires? (an )?approval");

    private static final Retry TOO_LATE =
            new Retry(Duration.ZERO, false, "nothing was sent: it would have left too late");

    private final RandomGenerator random;

    /** @param random where the jitter of delays comes from; many threads use it at once */
    public AnswerRules(RandomGenerator random) {
        this.random = random;
    }

    /** What the answer to an action means for its request. */
    public Settlement settle(GraphAnswer answer, AttemptHistory attempt) {
        if (answer instanceof GraphAnswer.TooLate) {
            return TOO_LATE;
        }
        if (answer instanceof GraphAnswer.Unreachable unreachable) {
            return unreachable(unreachable);
        }
        if (answer instanceof GraphAnswer.NotSent notSent) {
            return retryUnsent("nothing was sent: " + notSent.reason(), attempt);
        }
        if (answer instanceof GraphAnswer.Listed listed) {
            return listed(listed, attempt);
        }
        return answer instanceof GraphAnswer.Http http
                ? settle(http, attempt)
                : doubt("no answer came: " + ((GraphAnswer.Lost) answer).reason());
    }

    /**
     * Why Graph refuses to take calls or devices together, while each of them alone may well be taken: the app has not that
     * permission, the tenant not that action, or the whole is too large. Empty when the answer says no such thing.
     */
    public static Optional<String> refusalOfTheWhole(GraphAnswer whole) {
        return whole.http()
                .filter(answer -> answer.status() / 100 == 4 && answer.error().isPresent())
                .filter(answer -> !NOT_OF_THE_WHOLE.contains(answer.status()) && !speaksOfApproval(answer))
                .map(AnswerRules::words);
    }

    private static Settlement listed(GraphAnswer.Listed listed, AttemptHistory attempt) {
        Dead rejected = new Dead(
                Failure.REJECTED_BY_GRAPH,
                listed.verdict().list(),
                "Graph named the device in " + listed.verdict().list() + ".",
                Remedies.of(listed));
        return switch (listed.verdict()) {
            case SUCCESSFUL -> new Done(Success.DEPROVISIONED);
            case NOT_FOUND -> attempt.resolved() ? new ReadOnceMore(rejected) : rejected;
            case FAILED, NOT_SUPPORTED -> rejected;
        };
    }

    private Settlement settle(GraphAnswer.Http answer, AttemptHistory attempt) {
        boolean fromGraph = answer.error().isPresent();
        if (speaksOfApproval(answer)) {
            return needsApproval(answer);
        }
        return switch (answer.status()) {
            case 204 -> new Done(Success.DEPROVISIONED);
            case 401 -> unauthorized(answer, attempt, ACT);
            case 403 -> fromGraph ? forbidden(answer, attempt, ACT) : unread(answer, attempt);
            case 404 -> fromGraph ? notFound(answer, attempt) : unread(answer, attempt);
            case 409, 423 -> fromGraph ? retry(BUSY, answer, attempt, ACT) : unread(answer, attempt);
            case 429 -> throttled(answer, attempt);
            case 503 -> fromGraph ? retry(UNAVAILABLE, answer, attempt, ACT) : doubt(words(answer));
            case 408, 500, 502, 504 -> doubt(words(answer));
            default ->
                switch (answer.status() / 100) {
                    case 2 ->
                        answer.headers().requestId().isPresent()
                                ? new Done(Success.DEPROVISIONED)
                                : strangeSuccess(answer);
                    case 3 -> redirected(answer);
                    case 4 -> fromGraph ? rejected(answer, ACT) : unread(answer, attempt);
                    default -> doubt(words(answer));
                };
        };
    }

    /**
     * An action was refused, and Graph's error cannot be read. Where Graph's own header shows that it was Graph, and no more
     * of the body came, it is tried again as what is surely not executed.
     */
    private Common unread(GraphAnswer.Http answer, AttemptHistory attempt) {
        return answer.extent() != GraphAnswer.Extent.WHOLE
                        && answer.headers().requestId().isPresent()
                ? retry(BUSY, answer, attempt, ACT)
                : notFromGraph(answer);
    }

    /** What the answer to a read says; one that is no answer to what was asked says nothing, and it is read again. */
    public ReadResult read(GraphAnswer answer, AttemptHistory attempt, Sought sought) {
        if (answer instanceof GraphAnswer.TooLate) {
            return TOO_LATE;
        }
        if (answer instanceof GraphAnswer.Unreachable unreachable) {
            return unreachable(unreachable);
        }
        if (answer instanceof GraphAnswer.NotSent notSent) {
            return retryUnsent("nothing was sent: " + notSent.reason(), attempt);
        }
        return answer instanceof GraphAnswer.Http http
                ? read(http, attempt, sought)
                : retryUnsent("no answer came: " + ((GraphAnswer.Lost) answer).reason(), attempt);
    }

    private ReadResult read(GraphAnswer.Http answer, AttemptHistory attempt, Sought sought) {
        boolean fromGraph = answer.error().isPresent();
        return switch (answer.status()) {
            case 200 ->
                Optional.of(answer)
                        .filter(whole -> whole.extent() == GraphAnswer.Extent.WHOLE)
                        .flatMap(whole -> sought.in(whole.body()))
                        .orElseGet(() -> unproven(answer, attempt, sought));
            case 401 -> unauthorized(answer, attempt, READ);
            case 403 -> fromGraph ? forbidden(answer, attempt, READ) : unproven(answer, attempt, sought);
            case 404 -> fromGraph ? new ReadResult.Gone() : unproven(answer, attempt, sought);
            case 409, 423 -> fromGraph ? retry(BUSY, answer, attempt, READ) : unproven(answer, attempt, sought);
            case 429 -> throttled(answer, attempt);
            case 408 -> retry(UNAVAILABLE, answer, attempt, READ);
            default ->
                switch (answer.status() / 100) {
                    case 2 -> unproven(answer, attempt, sought);
                    case 3 -> redirected(answer);
                    case 4 -> fromGraph ? rejected(answer, READ) : unproven(answer, attempt, sought);
                    default -> retry(UNAVAILABLE, answer, attempt, READ);
                };
        };
    }

    /** What an answer to a read means that does not say what was asked: it breaks off, is too large, or is of a stranger. */
    private Common unproven(GraphAnswer.Http answer, AttemptHistory attempt, Sought sought) {
        boolean fromGraph = answer.headers().requestId().isPresent()
                || GraphError.in(answer.body()).isPresent()
                || DeviceJson.isRecognized(answer.body())
                || GraphJson.isContradictory(answer.body());
        return switch (answer.extent()) {
            case BROKEN_OFF -> retryUnsent("the answer " + answer.status() + " broke off", attempt);
            case TOO_LARGE ->
                fromGraph || answer.body().startsWith("{")
                        ? new Dead(
                                Failure.TOO_LARGE,
                                "",
                                "Graph's answer " + answer.status() + " is larger than 1 MiB; no more is read of one.",
                                Remedies.TOO_LARGE)
                        : notFromGraph(answer);
            case WHOLE ->
                fromGraph
                        ? again(
                                "Graph was asked for " + sought + " and answered " + answer.status()
                                        + (GraphJson.isContradictory(answer.body())
                                                ? " with JSON that contradicts itself"
                                                : " with something else"),
                                Remedies.STRANGE,
                                attempt)
                        : notFromGraph(answer);
        };
    }

    private static Settlement notFound(GraphAnswer.Http answer, AttemptHistory attempt) {
        Dead rejected = rejected(answer, ACT);
        return attempt.resolved() ? new ReadOnceMore(rejected) : rejected;
    }

    private Common forbidden(GraphAnswer.Http answer, AttemptHistory attempt, String permissions) {
        return attempt.aloneIsForbidden()
                ? rejected(answer, permissions)
                : retry(FORBIDDEN, answer, attempt, permissions);
    }

    private static Common unauthorized(GraphAnswer.Http answer, AttemptHistory attempt, String permissions) {
        return attempt.newToken()
                ? new Paused("unauthorized", words(answer) + ", to a new token too", permissions, Ending.RESUME)
                : new NewToken(answer.headers().claims());
    }

    private Throttled throttled(GraphAnswer.Http answer, AttemptHistory attempt) {
        Duration part = attempt.window().dividedBy(PART_OF_WINDOW);
        Backoff rest = new Backoff(part.compareTo(THROTTLED_FIRST) < 0 ? part : THROTTLED_FIRST, THROTTLED_LONGEST);
        return new Throttled(RetryAfter.of(answer).orElseGet(() -> rest.delay(attempt.throttledInARow(), random)));
    }

    private Common retry(Backoff backoff, GraphAnswer.Http answer, AttemptHistory attempt, String permissions) {
        GraphError error = answer.error().orElse(GraphError.NONE);
        return attempt.isLast()
                ? new Dead(
                        Failure.RETRIES_EXHAUSTED, error.code(), words(answer), Remedies.of(answer, error, permissions))
                : new Retry(
                        RetryAfter.of(answer).orElseGet(() -> backoff.delay(attempt.charged(), random)),
                        !attempt.probe(),
                        words(answer));
    }

    private Common retryUnsent(String reason, AttemptHistory attempt) {
        return again(reason, Remedies.NETWORK, attempt);
    }

    private Common again(String reason, String remedy, AttemptHistory attempt) {
        return attempt.isLast()
                ? new Dead(Failure.RETRIES_EXHAUSTED, "", reason, remedy)
                : new Retry(UNAVAILABLE.delay(attempt.charged(), random), !attempt.probe(), reason);
    }

    private static Dead rejected(GraphAnswer.Http answer, String permissions) {
        GraphError error = answer.error().orElse(GraphError.NONE);
        return new Dead(
                Failure.REJECTED_BY_GRAPH, error.code(), error.message(), Remedies.of(answer, error, permissions));
    }

    private static InDoubt doubt(String reason) {
        return new InDoubt(reason, Optional.empty());
    }

    private static InDoubt strangeSuccess(GraphAnswer.Http answer) {
        return new InDoubt(
                words(answer) + " without Graph's request-id",
                Optional.of(new Paused(
                        Paused.NOT_GRAPH,
                        "something that is not Graph answered an action with " + answer.status(),
                        Remedies.NETWORK,
                        Ending.RESUME)));
    }

    private static Paused notFromGraph(GraphAnswer.Http answer) {
        return new Paused(
                Paused.NOT_GRAPH,
                words(answer) + ", and it was not Graph that answered",
                Remedies.NETWORK,
                Ending.PROBE);
    }

    private static Paused redirected(GraphAnswer.Http answer) {
        return new Paused(
                "redirected",
                words(answer) + ": a redirect, which is never followed with a token",
                Remedies.NETWORK,
                Ending.RESUME);
    }

    private static Paused unreachable(GraphAnswer.Unreachable unreachable) {
        return switch (unreachable.fault()) {
            case UNKNOWN_HOST ->
                new Paused(
                        "unknown-host",
                        "the host name of Graph is not known: " + unreachable.reason(),
                        Remedies.NETWORK,
                        Ending.PROBE);
            case PROXY -> new Paused("proxy", unreachable.reason(), Remedies.PROXY, Ending.PROBE);
            case TLS ->
                new Paused(
                        "tls", "no trusted connection to Graph: " + unreachable.reason(), Remedies.TLS, Ending.PROBE);
        };
    }

    static boolean speaksOfApproval(GraphAnswer.Http answer) {
        return APPROVAL_STATUS.contains(answer.status())
                && (answer.headers().get("x-msft-approval-code").isPresent()
                        || answer.error()
                                .filter(error -> APPROVAL.matcher(error.code() + " " + error.message())
                                        .find())
                                .isPresent());
    }

    private static Paused needsApproval(GraphAnswer.Http answer) {
        return new Paused("approval", words(answer), Remedies.APPROVAL, Ending.RESUME);
    }

    static String words(GraphAnswer.Http answer) {
        return answer.error()
                .map(error -> answer.status() + " " + error.code() + ": " + error.message())
                .orElse("answer " + answer.status() + " without Graph's JSON");
    }
}
