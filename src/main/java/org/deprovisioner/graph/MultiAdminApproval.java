package org.deprovisioner.graph;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.graph.Settlement.Dead;
import org.deprovisioner.graph.Settlement.Ending;
import org.deprovisioner.graph.Settlement.Failure;
import org.deprovisioner.graph.Settlement.Parked;
import org.deprovisioner.graph.Settlement.Paused;

/**
 * Intune's Multi Admin Approval: a second administrator has to approve an action before it is executed. From the answers to
 * what becomes of the request; pure functions.
 */
public final class MultiAdminApproval {

    /** The header that tells the approvers why: base64 of UTF-8, at most {@link #LONGEST} characters before. */
    public static final String JUSTIFICATION = "x-msft-approval-justification";

    /** The header that names an approval request: in the answer that filed it, and in the call that it lets through. */
    public static final String CODE = "x-msft-approval-code";

    /** After so long without an answer Intune lets an approval request expire, and tells nobody. */
    public static final Duration LIFE = Duration.ofDays(3);

    /** The longest justification, in characters. */
    public static final int LONGEST = 1_024;

    private static final String A_GUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    private static final Pattern GUID = Pattern.compile(A_GUID);
    private static final Pattern NAMED =
            Pattern.compile("(?i)(?:code|approval[- _]?request(?:[- _]?id)?)\\W{1,8}(?:is\\W{1,3})?(" + A_GUID + ")");

    private MultiAdminApproval() {}

    /**
     * What an action said of approval.
     *
     * @param path where it was sent; ids in it are no codes
     * @param justified whether it asked for approval
     * @param code the code that it was sent with
     * @param since when approval was asked for the first time
     */
    public record Asked(String path, boolean justified, Optional<String> code, Optional<Instant> since) {}

    /** A justification as its header bears it. */
    public static String header(String justification) {
        return Base64.getEncoder().encodeToString(justification.getBytes(StandardCharsets.UTF_8));
    }

    /** What the answer to an action means that asked for approval, or was sent with a code; empty when it speaks of no approval. */
    public static Optional<Settlement> settle(GraphAnswer answer, Asked asked, Instant now) {
        return asked.justified || asked.code.isPresent()
                ? answer.http().filter(AnswerRules::speaksOfApproval).map(http -> settle(http, asked, now))
                : Optional.empty();
    }

    private static Settlement settle(GraphAnswer.Http answer, Asked asked, Instant now) {
        boolean anotherIsOpen = answer.status() == 409;
        Optional<String> code = (anotherIsOpen ? Optional.<String>empty() : code(answer, asked.path)).or(asked::code);
        if (code.isEmpty() && !anotherIsOpen) {
            return new Paused("approval", AnswerRules.words(answer), Remedies.JUSTIFICATION, Ending.RESUME);
        }
        Instant since = code.equals(asked.code) ? asked.since.orElse(now) : now;
        return since.plus(LIFE).isAfter(now)
                ? new Parked(code, since, AnswerRules.words(answer))
                : new Dead(
                        Failure.APPROVAL_REFUSED,
                        answer.error().map(GraphError::code).orElse(""),
                        "Intune has not let the action through within three days: " + AnswerRules.words(answer),
                        "Look at the approval requests in Intune (Tenant administration, Multi Admin Approval), then"
                                + " drop the row again.");
    }

    /** The code of an approval request that was filed: from the header, or else from the words. */
    private static Optional<String> code(GraphAnswer.Http answer, String path) {
        Optional<String> inHeader =
                answer.headers().get(CODE).filter(code -> GUID.matcher(code).matches());
        return inHeader.or(() -> named(answer.body())).or(() -> theOnly(AnswerRules.words(answer), path));
    }

    private static Optional<String> named(String body) {
        Matcher named = NAMED.matcher(body);
        return named.find() ? Optional.of(named.group(1)) : Optional.empty();
    }

    private static Optional<String> theOnly(String words, String path) {
        List<String> others = GUID.matcher(words)
                .results()
                .map(MatchResult::group)
                .filter(id -> !path.toLowerCase(Locale.ROOT).contains(id.toLowerCase(Locale.ROOT)))
                .distinct()
                .toList();
        return others.size() == 1 ? Optional.of(others.get(0)) : Optional.empty();
    }

    /** Where an approval request is read, below Graph's base URL, without a leading slash. */
    public static String path(String code) {
        return "deviceManagement/operationApprovalRequests/" + code;
    }

    /** What the answer to the poll of an approval request says; a missing permission pauses, for no poll would do better. */
    public static ReadResult poll(String code, GraphAnswer answer, AnswerRules settling, AttemptHistory attempt) {
        return answer.http()
                .filter(http -> http.status() == 403 && http.error().isPresent())
                .<ReadResult>map(http -> new Paused(
                        "approval-poll",
                        "How the approval requests of Intune stand cannot be read: " + AnswerRules.words(http),
                        Remedies.POLLING,
                        Ending.RESUME))
                .orElseGet(() -> settling.read(answer, attempt, Sought.approval(code)));
    }
}
