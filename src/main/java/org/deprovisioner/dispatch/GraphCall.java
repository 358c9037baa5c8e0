package org.deprovisioner.dispatch;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.token.BearerToken;
import org.jspecify.annotations.Nullable;

/** What goes to Graph in one piece: a call for one request, or several of them together. */
public sealed interface GraphCall permits Call, Group, FleetPage {

    /** Whose quota and token it uses. */
    String tenant();

    /** The HTTP method. */
    String method();

    /** The whole URL without its query; every placeholder in it was checked and encoded. */
    String uri();

    /** The query; null, as Camel wants it, where there is none. */
    @Nullable String query();

    /** The type of the body; null where there is none. */
    @Nullable String contentType();

    /** The body; null where there is none. */
    @Nullable String body();

    /** What Intune's approvers are told, as the header bears it; null where they are not asked. */
    default @Nullable String approvalJustification() {
        return null;
    }

    /** The approval request that lets this call through; null where there is none. */
    default @Nullable String approvalCode() {
        return null;
    }

    /** The GUID that traces it. */
    String clientRequestId();

    Optional<BearerToken> token();

    Optional<Permit> permit();

    Optional<GraphAnswer> answer();

    /** Whether its attempts stand in the ledger: from here on it may have been made. */
    boolean begun();

    /** The value of the header that lets it in. Never to be logged. */
    default String authorization() {
        return "Bearer " + token().orElseThrow().value();
    }

    /** The calls that it is made of, each for a request. */
    List<Call> calls();

    /** The same, of these of its calls alone. */
    GraphCall only(List<Call> some);

    /** Whether it changes something; else it only reads. */
    boolean isWrite();

    /** How many places in the quota it takes. */
    int places();

    GraphCall with(BearerToken acquired);

    GraphCall with(Permit given);

    GraphCall with(GraphAnswer received);

    /** The same, once its attempts stand in the ledger. */
    GraphCall recorded();
}
