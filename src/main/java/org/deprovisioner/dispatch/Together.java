package org.deprovisioner.dispatch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.graph.BulkAction;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.JsonBatch;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;
import org.deprovisioner.settings.Settings.Mode;

/**
 * Actions, or looks, of one tenant that go to Graph together, and are settled one by one.
 *
 * @param mode how they go together; those of a bulk call are actions of one form and reason
 * @param parts the actions or the looks, at least one; in a bulk call they are traced by the same GUID as the whole
 */
record Together(Mode mode, List<Call> parts) implements Ask {

    Together {
        parts = List.copyOf(parts);
    }

    /** Whether requests of this form can go in one bulk call. */
    static boolean isForBulk(Address.Form form) {
        return form == Address.Form.MANAGED_DEVICES || form == Address.Form.COMANAGED_DEVICES;
    }

    @Override
    public String tenant() {
        return parts.get(0).tenant();
    }

    @Override
    public Optional<Lease> request() {
        return Optional.empty();
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return mode == Mode.BULK
                ? BulkAction.path(parts.get(0).lease().address().form() == Address.Form.COMANAGED_DEVICES)
                : JsonBatch.PATH;
    }

    @Override
    public String body() {
        return mode == Mode.BULK
                ? BulkAction.body(ids(), parts.get(0).lease().reason())
                : JsonBatch.body(parts.stream().map(Together::part).toList());
    }

    private static JsonBatch.Part part(Call call) {
        Ask ask = call.ask();
        String query = ask.query();
        return new JsonBatch.Part(
                call.clientRequestId(),
                ask.method(),
                "/" + ask.path() + (query == null ? "" : "?" + query),
                Optional.ofNullable(ask.body()));
    }

    /** What tells the calls apart in the whole and in its answer. */
    private List<String> ids() {
        return parts.stream().map(this::id).toList();
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

    /** Each call with its own part of the answer to the whole. */
    List<Call> answered(Call whole) {
        GraphAnswer answer = whole.answer().orElseThrow();
        Map<String, GraphAnswer> answers =
                mode == Mode.BULK ? BulkAction.answers(answer, ids()) : JsonBatch.answers(answer, ids());
        return parts.stream()
                .map(call -> call.with(whole.token().orElseThrow())
                        .with(whole.permit().orElseThrow())
                        .with(answers.getOrDefault(id(call), answer)))
                .toList();
    }

    @Override
    public boolean isWrite() {
        return parts.get(0).isWrite();
    }

    @Override
    public int places() {
        return mode == Mode.BULK ? 1 : parts.size();
    }
}
