package org.deprovisioner.dispatch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.graph.BulkAction;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.JsonBatch;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;
import org.deprovisioner.settings.Settings.Mode;
import org.deprovisioner.token.BearerToken;
import org.jspecify.annotations.Nullable;

/**
 * Actions, or looks, of one tenant that go to Graph together, and are settled one by one.
 *
 * @param mode how they go together; those of a bulk call are actions of one form and reason
 * @param calls the actions or the looks, at least one
 * @param clientRequestId the GUID that traces the whole; in a bulk call it is that of each attempt
 */
record Group(
        Mode mode,
        List<Call> calls,
        String baseUrl,
        String clientRequestId,
        Optional<BearerToken> token,
        Optional<Permit> permit,
        boolean begun,
        Optional<GraphAnswer> answer)
        implements GraphCall {

    static Group of(Mode mode, List<Call> calls, String baseUrl) {
        String id = UUID.randomUUID().toString();
        List<Call> traced = mode == Mode.BULK
                ? calls.stream().map(call -> call.tracedBy(id)).toList()
                : List.copyOf(calls);
        return new Group(mode, traced, baseUrl, id, Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    /** Whether requests of this form can go in one bulk call. */
    static boolean isForBulk(Address.Form form) {
        return form == Address.Form.MANAGED_DEVICES || form == Address.Form.COMANAGED_DEVICES;
    }

    @Override
    public String tenant() {
        return calls.get(0).tenant();
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String uri() {
        Lease first = calls.get(0).lease();
        return baseUrl + "/"
                + (mode == Mode.BULK
                        ? BulkAction.path(first.address().form() == Address.Form.COMANAGED_DEVICES)
                        : JsonBatch.PATH);
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public String body() {
        return mode == Mode.BULK
                ? BulkAction.body(ids(), calls.get(0).lease().reason())
                : JsonBatch.body(calls.stream().map(Group::part).toList());
    }

    private static JsonBatch.Part part(Call call) {
        String query = call.query();
        return new JsonBatch.Part(
                call.clientRequestId(),
                call.method(),
                "/" + call.path() + (query == null ? "" : "?" + query),
                Optional.ofNullable(call.body()));
    }

    /** What tells the calls apart in the whole and in its answer. */
    private List<String> ids() {
        return calls.stream().map(this::id).toList();
    }

    private String id(Call call) {
        return mode == Mode.BULK
                ? call.lease()
                        .address()
                        .managedDeviceId()
                        .or(() -> call.lease().device().map(Device::id))
                        .orElseThrow()
                : call.clientRequestId();
    }

    /** Each call with its own part of the answer. */
    List<Call> answered() {
        GraphAnswer whole = answer.orElseThrow();
        Map<String, GraphAnswer> answers =
                mode == Mode.BULK ? BulkAction.answers(whole, ids()) : JsonBatch.answers(whole, ids());
        return calls.stream()
                .map(call -> call.with(token.orElseThrow())
                        .with(permit.orElseThrow())
                        .with(answers.getOrDefault(id(call), whole)))
                .toList();
    }

    @Override
    public boolean isWrite() {
        return calls.get(0).isWrite();
    }

    @Override
    public int places() {
        return mode == Mode.BULK ? 1 : calls.size();
    }

    @Override
    public Group only(List<Call> some) {
        return new Group(mode, List.copyOf(some), baseUrl, clientRequestId, token, permit, begun, answer);
    }

    @Override
    public Group with(BearerToken acquired) {
        return new Group(mode, calls, baseUrl, clientRequestId, Optional.of(acquired), permit, begun, answer);
    }

    @Override
    public Group with(Permit given) {
        return new Group(mode, calls, baseUrl, clientRequestId, token, Optional.of(given), begun, answer);
    }

    @Override
    public Group with(GraphAnswer received) {
        return new Group(mode, calls, baseUrl, clientRequestId, token, permit, begun, Optional.of(received));
    }

    @Override
    public Group recorded() {
        return new Group(
                mode,
                calls.stream().map(Call::recorded).toList(),
                baseUrl,
                clientRequestId,
                token,
                permit,
                true,
                answer);
    }
}
