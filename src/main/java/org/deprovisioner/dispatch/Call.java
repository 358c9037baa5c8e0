package org.deprovisioner.dispatch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.LeavesBy;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.settings.Settings.Mode;
import org.deprovisioner.token.BearerToken;

/**
 * One call of Graph on its way through the routes: what is asked, and what each step adds.
 *
 * @param clientRequestId the GUID that traces this call, recorded with its attempt
 * @param leavesBy until when it has to leave; empty before its attempts stand in the ledger, and for reads
 */
public record Call(
        Ask ask,
        String baseUrl,
        String clientRequestId,
        Optional<BearerToken> token,
        Optional<Permit> permit,
        Optional<LeavesBy> leavesBy,
        Optional<GraphAnswer> answer) {

    static Call of(Ask ask, String baseUrl) {
        return of(ask, baseUrl, UUID.randomUUID().toString());
    }

    private static Call of(Ask ask, String baseUrl, String clientRequestId) {
        return new Call(
                ask, baseUrl, clientRequestId, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Calls in one piece; in a bulk call each is traced as the whole is. */
    static Call together(Mode mode, List<Call> calls) {
        String id = UUID.randomUUID().toString();
        String baseUrl = calls.get(0).baseUrl;
        List<Call> parts = mode == Mode.BULK
                ? calls.stream().map(call -> of(call.ask, baseUrl, id)).toList()
                : calls;
        return of(new Together(mode, parts), baseUrl, id);
    }

    /** What is asked, where it is of this sort. */
    <A extends Ask> A ask(Class<A> sort) {
        return sort.cast(ask);
    }

    /** Whose quota and token it uses. */
    String tenant() {
        return ask.tenant();
    }

    /** The claim on the one request that it is for. */
    Lease lease() {
        return ask.lease();
    }

    /** The calls that it is made of, each for at most one request. */
    List<Call> calls() {
        return ask.parts().isEmpty() ? List.of(this) : ask.parts();
    }

    boolean isWrite() {
        return ask.isWrite();
    }

    /** Whether it is still to be made. */
    public boolean isOpen() {
        return answer.isEmpty();
    }

    /** Whether its attempts stand in the ledger: from here on it may have been made. */
    public boolean begun() {
        return leavesBy.isPresent();
    }

    /** The {@code client-request-id} of the attempt of each request. */
    Map<Lease, String> attempts() {
        Map<Lease, String> attempts = new LinkedHashMap<>();
        calls().forEach(one -> attempts.put(one.lease(), one.clientRequestId));
        return attempts;
    }

    /** Another call, which asks this. */
    Call then(Ask next) {
        return of(next, baseUrl);
    }

    /** The same, of these of its calls alone. */
    Call only(List<Call> some) {
        return ask instanceof Together together
                ? new Call(
                        new Together(together.mode(), some), baseUrl, clientRequestId, token, permit, leavesBy, answer)
                : this;
    }

    Call with(BearerToken acquired) {
        return new Call(ask, baseUrl, clientRequestId, Optional.of(acquired), permit, leavesBy, answer);
    }

    Call with(Permit given) {
        return new Call(ask, baseUrl, clientRequestId, token, Optional.of(given), leavesBy, answer);
    }

    /** The same, once its attempts stand in the ledger. */
    Call with(LeavesBy recorded) {
        return new Call(ask, baseUrl, clientRequestId, token, permit, Optional.of(recorded), answer);
    }

    Call with(GraphAnswer received) {
        return new Call(ask, baseUrl, clientRequestId, token, permit, leavesBy, Optional.of(received));
    }
}
