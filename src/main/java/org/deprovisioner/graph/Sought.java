package org.deprovisioner.graph;

import java.util.Optional;

/**
 * What a read asks for, so that an answer to something else is not taken for its answer.
 *
 * @param id of the device or approval request, where it is known
 */
public record Sought(SoughtBy kind, Optional<String> id) {

    private enum SoughtBy {
        DEVICE,
        MATCHES,
        SOME_DEVICES,
        APPROVAL
    }

    /**
     * A device by its address.
     *
     * @param id empty where the address does not name it
     */
    public static Sought device(Optional<String> id) {
        return new Sought(SoughtBy.DEVICE, id);
    }

    /** All devices that match: a page counts only where each element of it can be read. */
    public static Sought matches() {
        return new Sought(SoughtBy.MATCHES, Optional.empty());
    }

    /** Devices, whichever. */
    public static Sought someDevices() {
        return new Sought(SoughtBy.SOME_DEVICES, Optional.empty());
    }

    /** The approval request that Intune gave this code. */
    public static Sought approval(String code) {
        return new Sought(SoughtBy.APPROVAL, Optional.of(code));
    }

    /** The answer in a body; empty when it is none to this. */
    Optional<ReadResult> in(String body) {
        return switch (kind) {
            case DEVICE ->
                DeviceJson.reading(body)
                        .filter(reading -> reading instanceof ReadResult.Found found
                                && id.map(found.device().id()::equalsIgnoreCase).orElse(true));
            case MATCHES ->
                DeviceJson.reading(body)
                        .filter(reading -> reading instanceof ReadResult.Listed page && page.unreadable() == 0);
            case SOME_DEVICES -> DeviceJson.reading(body).filter(ReadResult.Listed.class::isInstance);
            case APPROVAL -> ApprovalStatus.in(body, id.orElseThrow()).map(ReadResult.ApprovalShown::new);
        };
    }

    /** In words, for a sentence. */
    @Override
    public String toString() {
        return switch (kind) {
            case DEVICE -> id.map(named -> "device " + named).orElse("the device");
            case MATCHES, SOME_DEVICES -> "a list of devices";
            case APPROVAL -> "approval request " + id.orElseThrow();
        };
    }
}
