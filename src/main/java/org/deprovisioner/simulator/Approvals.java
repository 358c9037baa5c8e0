package org.deprovisioner.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Intune's Multi Admin Approval: once required, an action is filed first and executed when a person has approved it. */
final class Approvals {

    static final String JUSTIFICATION = "x-msft-approval-justification";
    static final String CODE = "x-msft-approval-code";

    private static final int LONGEST = 1024;
    private static final Set<String> STATUS =
            Set.of("needsApproval", "approved", "rejected", "cancelled", "completed", "expired");
    private static final Set<String> OPEN = Set.of("needsApproval", "approved");

    private final Map<String, ApprovalRequest> requests = new LinkedHashMap<>();
    private boolean required;
    private boolean codeInMessage;

    /**
     * What a person orders at the desk.
     *
     * @param required whether actions need approval from now on
     * @param codeInMessage whether the code of a filed request stands in the message alone
     * @param code the approval request that is meant; all open ones when it is left out
     * @param status how it stands from now on
     */
    record Order(
            @Nullable Boolean required,
            @Nullable Boolean codeInMessage,
            @Nullable String code,
            @Nullable String status) {}

    synchronized void order(Order order) {
        if (order.status != null && !STATUS.contains(order.status)) {
            throw new IllegalArgumentException("status is one of " + STATUS);
        }
        required = order.required == null ? required : order.required;
        codeInMessage = order.codeInMessage == null ? codeInMessage : order.codeInMessage;
        String status = order.status;
        if (status != null) {
            requests.replaceAll((code, request) ->
                    code.equals(order.code) || (order.code == null && OPEN.contains(request.status()))
                            ? request.now(status)
                            : request);
        }
    }

    synchronized List<ApprovalRequest> all() {
        return List.copyOf(requests.values());
    }

    SimulatorAnswer read(String code) {
        return all().stream()
                .filter(request -> request.id().equals(code))
                .findFirst()
                .map(request -> SimulatorAnswer.json(200, Map.of("id", code, "status", request.status())))
                .orElseThrow(() -> RefusalException.intune(404, "ResourceNotFound", "Resource not found."));
    }

    /** Lets an action be executed that needs no approval or has it, and files the others. */
    synchronized SimulatorAnswer pass(Incoming call, Supplier<SimulatorAnswer> execute) {
        if (!required) {
            return execute.get();
        }
        String code = call.header(CODE);
        return code.isEmpty() ? file(call) : coded(call, code, execute);
    }

    /** Bulk actions have no approval of their own. */
    synchronized void refuseBulk() {
        if (required) {
            throw unjustified();
        }
    }

    private SimulatorAnswer file(Incoming call) {
        String justification = justification(call.header(JUSTIFICATION));
        boolean open = requests.values().stream()
                .anyMatch(request -> request.path().equals(call.path()) && OPEN.contains(request.status()));
        if (open) {
            throw RefusalException.intune(
                    409, "Conflict", "An active Approval Request already exists for this resource.");
        }
        String code = UUID.randomUUID().toString();
        requests.put(code, new ApprovalRequest(code, "needsApproval", justification, call.path(), call.body()));
        throw new RefusalException(
                412,
                "ApprovalRequired",
                "This operation requires approval." + (codeInMessage ? " Approval code: " + code + "." : ""),
                codeInMessage ? Map.of() : Map.of(CODE, code));
    }

    private SimulatorAnswer coded(Incoming call, String code, Supplier<SimulatorAnswer> execute) {
        ApprovalRequest request = requests.get(code);
        if (request == null
                || !request.path().equals(call.path())
                || !request.body().equals(call.body())) {
            throw RefusalException.badRequest(
                    "The " + CODE + " does not belong to this request: send the identical one.");
        } else if (!request.status().equals("approved")) {
            throw new RefusalException(
                    412, "ApprovalRequired", "The approval request is " + request.status() + ".", Map.of());
        }
        requests.put(code, request.now("completed"));
        return execute.get();
    }

    private static String justification(String header) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(header)))
                    .toString();
            if (!text.isBlank() && text.length() <= LONGEST) {
                return text;
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw unjustified();
        }
        throw unjustified();
    }

    private static RefusalException unjustified() {
        return RefusalException.badRequest("This operation requires approval. Give a justification in the header "
                + JUSTIFICATION + ": base64 of UTF-8, at most " + LONGEST + " characters.");
    }
}
