package org.deprovisioner.dispatch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.MultiAdminApproval;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;
import org.deprovisioner.token.BearerToken;
import org.jspecify.annotations.Nullable;

/**
 * One call of Graph for a request on its way through the routes: each step adds what it contributes.
 *
 * @param kind what the call is for
 * @param tenant whose quota and token it uses
 * @param request the claim on the request; empty for the probe of a paused tenant
 * @param clientRequestId the GUID that traces this call, recorded with its attempt
 * @param search what a look searches for; empty where the address names the device
 * @param justification what Intune's approvers are told, where they are asked
 * @param begun whether the attempt stands in the ledger: from here on the call may have been made
 */
public record Call(
        Kind kind,
        String tenant,
        Optional<Lease> request,
        String baseUrl,
        Optional<Search> search,
        Optional<String> justification,
        String clientRequestId,
        Optional<BearerToken> token,
        Optional<Permit> permit,
        boolean begun,
        Optional<GraphAnswer> answer)
        implements GraphCall {

    /** What a call is for. */
    public enum Kind {
        /** To see the device for the first time. */
        LOOK,
        /** To see it again right before its attempt. */
        LOOK_AGAIN,
        /** To deprovision it. */
        ACTION,
        /** To see what became of an action in doubt. */
        READ_BACK,
        /** To find some other device, where the one in doubt is gone. */
        FIND_ANOTHER,
        /** To see that this other device can be read. */
        READ_ANOTHER,
        /** To see how its approval in Intune stands. */
        POLL,
        /** To see whether a paused tenant answers again. */
        PROBE
    }

    static Call of(Kind kind, Lease lease, String baseUrl) {
        return of(kind, lease.tenant(), Optional.of(lease), baseUrl, Optional.empty());
    }

    /** The action of a request, with what Intune's approvers are told of it. */
    static Call action(Lease lease, String baseUrl, Optional<String> justification) {
        return of(Kind.ACTION, lease, baseUrl).justified(justification);
    }

    /** The first look at the device of a request; without an id it has to be searched for. */
    static Call look(Lease lease, String baseUrl) {
        Optional<Search> search =
                Optional.of(lease.address()).filter(Address::isSearch).map(unknown -> Search.of(lease.expected()));
        return of(Kind.LOOK, lease.tenant(), Optional.of(lease), baseUrl, search);
    }

    /** The look at a device in doubt, by its id whatever the form of the address. */
    static Call readBack(Lease lease, String baseUrl) {
        String id = lease.device()
                .map(Device::id)
                .or(() -> lease.address().managedDeviceId())
                .orElseThrow();
        return of(Kind.READ_BACK, lease.found(lease.address().byId(id)), baseUrl);
    }

    static Call probe(String tenant, String baseUrl) {
        return of(Kind.PROBE, tenant, Optional.empty(), baseUrl, Optional.empty());
    }

    private static Call of(Kind kind, String tenant, Optional<Lease> request, String baseUrl, Optional<Search> search) {
        return new Call(
                kind,
                tenant,
                request,
                baseUrl,
                search,
                Optional.empty(),
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

    @Override
    public String method() {
        return isWrite() ? "POST" : "GET";
    }

    @Override
    public String uri() {
        return baseUrl + "/" + path();
    }

    /** The path below Graph's base URL, without a leading slash. */
    String path() {
        return switch (kind) {
            case ACTION -> lease().address().path() + "/deprovision";
            case LOOK, LOOK_AGAIN, READ_BACK, READ_ANOTHER ->
                search.isPresent() ? Search.PATH : lease().address().path();
            case POLL ->
                MultiAdminApproval.path(
                        lease().approval().flatMap(ApprovalRequest::code).orElseThrow());
            case FIND_ANOTHER, PROBE -> Search.PATH;
        };
    }

    @Override
    public @Nullable String query() {
        return switch (kind) {
            case ACTION, POLL -> null;
            case LOOK, LOOK_AGAIN, READ_BACK, READ_ANOTHER ->
                search.flatMap(Search::next).map(Pages::query).orElse("$select=" + ReadResult.FIELDS);
            case FIND_ANOTHER -> "$top=2&$select=id";
            case PROBE -> "$top=1&$select=id";
        };
    }

    /** What this read asks for: an answer to anything else is none. */
    Sought sought() {
        return switch (kind) {
            case FIND_ANOTHER, PROBE -> Sought.someDevices();
            case POLL ->
                Sought.approval(
                        lease().approval().flatMap(ApprovalRequest::code).orElseThrow());
            default ->
                search.isPresent()
                        ? Sought.matches()
                        : Sought.device(lease().address().managedDeviceId());
        };
    }

    @Override
    public @Nullable String contentType() {
        return kind == Kind.ACTION ? "application/json" : null;
    }

    /** {@inheritDoc} It is exactly as Graph's page has it. */
    @Override
    public @Nullable String body() {
        return kind == Kind.ACTION
                ? "{\"deprovisionReason\": \""
                        + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(lease().reason())) + "\"}"
                : null;
    }

    @Override
    public @Nullable String approvalJustification() {
        return kind == Kind.ACTION
                ? justification.map(MultiAdminApproval::header).orElse(null)
                : null;
    }

    @Override
    public @Nullable String approvalCode() {
        return kind == Kind.ACTION
                ? lease().approval().flatMap(ApprovalRequest::code).orElse(null)
                : null;
    }

    @Override
    public List<Call> calls() {
        return List.of(this);
    }

    @Override
    public Call only(List<Call> some) {
        return some.get(0);
    }

    @Override
    public boolean isWrite() {
        return kind == Kind.ACTION;
    }

    @Override
    public int places() {
        return 1;
    }

    Call as(Kind other) {
        return of(other, tenant, request, baseUrl, Optional.empty()).justified(justification);
    }

    private Call justified(Optional<String> why) {
        return new Call(kind, tenant, request, baseUrl, search, why, clientRequestId, token, permit, begun, answer);
    }

    /** The look that comes after this one: a further page, or a search by something else. */
    Call as(Search next) {
        return of(kind, tenant, request, baseUrl, Optional.of(next));
    }

    /** The look at the device that a search found. */
    Call found(Device device) {
        Lease lease = lease();
        return of(kind, lease.found(lease.address().of(device.id())), baseUrl);
    }

    /** The look at another device than the one in doubt. */
    Call another(Device device) {
        Lease lease = lease();
        return of(Kind.READ_ANOTHER, lease.found(lease.address().byId(device.id())), baseUrl);
    }

    /** Whether it is still to be made. */
    public boolean isOpen() {
        return answer.isEmpty();
    }

    /** What is looked at or acted on, by a name that no other device has. */
    String subject() {
        return search.map(one -> one.property() + " " + one.value())
                .orElseGet(() -> lease().address().path());
    }

    Call tracedBy(String id) {
        return new Call(kind, tenant, request, baseUrl, search, justification, id, token, permit, begun, answer);
    }

    @Override
    public Call with(BearerToken acquired) {
        return new Call(
                kind,
                tenant,
                request,
                baseUrl,
                search,
                justification,
                clientRequestId,
                Optional.of(acquired),
                permit,
                begun,
                answer);
    }

    @Override
    public Call with(Permit given) {
        return new Call(
                kind,
                tenant,
                request,
                baseUrl,
                search,
                justification,
                clientRequestId,
                token,
                Optional.of(given),
                begun,
                answer);
    }

    @Override
    public Call with(GraphAnswer received) {
        return new Call(
                kind,
                tenant,
                request,
                baseUrl,
                search,
                justification,
                clientRequestId,
                token,
                permit,
                begun,
                Optional.of(received));
    }

    @Override
    public Call recorded() {
        return new Call(
                kind, tenant, request, baseUrl, search, justification, clientRequestId, token, permit, true, answer);
    }
}
