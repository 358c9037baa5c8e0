package org.deprovisioner.dispatch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.graph.Answer;
import org.deprovisioner.graph.Reading;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.token.BearerToken;
import org.jspecify.annotations.Nullable;

/**
 * One call of Graph for a request on its way through the routes: each step adds what it contributes.
 *
 * @param kind what the call is for
 * @param tenant whose quota and token it uses
 * @param request the claim on the request; empty for the probe of a paused tenant
 * @param clientRequestId the GUID that traces this call, recorded with its attempt
 * @param begun whether the attempt stands in the ledger: from here on the call may have been made
 */
public record Call(
        Kind kind,
        String tenant,
        Optional<Lease> request,
        String baseUrl,
        String clientRequestId,
        Optional<BearerToken> token,
        Optional<Permit> permit,
        boolean begun,
        Optional<Answer> answer) {

    /** What a call is for. */
    public enum Kind {
        /** To see the device for the first time. */
        LOOK,
        /** To see it again right before its attempt. */
        LOOK_AGAIN,
        /** To deprovision it. */
        ACTION,
        /** To see whether a paused tenant answers again. */
        PROBE
    }

    static Call of(Kind kind, Lease lease, String baseUrl) {
        return of(kind, lease.tenant(), Optional.of(lease), baseUrl);
    }

    static Call probe(String tenant, String baseUrl) {
        return of(Kind.PROBE, tenant, Optional.empty(), baseUrl);
    }

    private static Call of(Kind kind, String tenant, Optional<Lease> request, String baseUrl) {
        return new Call(
                kind,
                tenant,
                request,
                baseUrl,
                UUID.randomUUID().toString(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** The claim on the request; a probe has none. */
    Lease lease() {
        return request.orElseThrow();
    }

    /** The HTTP method. */
    public String method() {
        return kind == Kind.ACTION ? "POST" : "GET";
    }

    /** The whole URL without its query; every placeholder in it was checked and encoded. */
    public String uri() {
        return baseUrl + "/"
                + switch (kind) {
                    case ACTION -> lease().address().path() + "/deprovision";
                    case LOOK, LOOK_AGAIN -> lease().address().path();
                    case PROBE -> "deviceManagement/managedDevices";
                };
    }

    /** The query; null, as Camel wants it, for the action, which has none. */
    public @Nullable String query() {
        return switch (kind) {
            case ACTION -> null;
            case LOOK, LOOK_AGAIN -> "$select=" + Reading.FIELDS;
            case PROBE -> "$top=1&$select=id";
        };
    }

    /** The type of the body; null for a read, which has none. */
    public @Nullable String contentType() {
        return kind == Kind.ACTION ? "application/json" : null;
    }

    /** The body, exactly as Graph's page has it; null for a read. */
    public @Nullable String body() {
        return kind == Kind.ACTION
                ? "{\"deprovisionReason\": \""
                        + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(lease().reason())) + "\"}"
                : null;
    }

    /** The value of the header that lets the call in. Never to be logged. */
    public String authorization() {
        return "Bearer " + token.orElseThrow().value();
    }

    Call as(Kind other) {
        return of(other, tenant, request, baseUrl);
    }

    Call with(BearerToken acquired) {
        return new Call(kind, tenant, request, baseUrl, clientRequestId, Optional.of(acquired), permit, begun, answer);
    }

    Call with(Permit given) {
        return new Call(kind, tenant, request, baseUrl, clientRequestId, token, Optional.of(given), begun, answer);
    }

    Call with(Answer received) {
        return new Call(kind, tenant, request, baseUrl, clientRequestId, token, permit, begun, Optional.of(received));
    }

    Call recorded() {
        return new Call(kind, tenant, request, baseUrl, clientRequestId, token, permit, true, answer);
    }
}
