package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Plans;
import org.deprovisioner.request.Device;

/**
 * What a plan says of a row; the components bear the names of the columns and are written as they are. Text that is not
 * known is empty.
 *
 * @param outcome how the row would end without anything being sent, empty when it would not
 * @param warnings what is worth a second look before the device is deprovisioned
 */
@JsonPropertyOrder({"line", "would", "outcome", "error", "remedy", "deprovisionReason"})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PlannedRow(
        long line,
        Would would,
        String outcome,
        String error,
        String remedy,
        String deprovisionReason,
        String managedDeviceId,
        String deviceName,
        String userPrincipalName,
        String serialNumber,
        String azureADDeviceId,
        String model,
        String operatingSystem,
        String lastSyncUtc,
        String managementState,
        String managedDeviceOwnerType,
        List<String> warnings) {

    static final Duration RECENTLY = Duration.ofDays(7);

    /** What would become of a row. */
    public enum Would {
        /** Its device would be deprovisioned. */
        @JsonProperty("deprovision")
        DEPROVISION,
        /** It would be held until somebody approves. */
        @JsonProperty("hold")
        HOLD,
        /** Another request for its device is open, and decides for it too. */
        @JsonProperty("wait")
        WAIT,
        /** Nothing is left to do. */
        @JsonProperty("skip")
        SKIP,
        /** It would be refused. */
        @JsonProperty("refuse")
        REFUSE,
        /** Its device could not be looked at. */
        @JsonProperty("unknown")
        UNKNOWN;

        /** As it stands in a plan. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static PlannedRow of(Plans.Row row, Instant now) {
        Would would = would(row);
        Optional<Device> device = row.device();
        Device.Particulars particulars = device.map(Device::particulars).orElse(Device.Particulars.NONE);
        return new PlannedRow(
                row.line(),
                would,
                row.outcome().map(Outcome::word).orElse(""),
                row.error(),
                row.remedy(),
                row.reason(),
                device.map(Device::id).orElse(""),
                device.map(Device::deviceName).orElse(""),
                device.map(Device::userPrincipalName).orElse(""),
                device.map(Device::serialNumber).orElse(""),
                device.map(Device::azureADDeviceId).orElse(""),
                particulars.model(),
                device.map(Device::operatingSystem).orElse(""),
                particulars.lastSync().map(Instant::toString).orElse(""),
                particulars.managementState(),
                particulars.ownerType(),
                would == Would.DEPROVISION || would == Would.HOLD ? warnings(particulars, now) : List.of());
    }

    private static Would would(Plans.Row row) {
        return switch (row.state()) {
            case READY, SENDING -> Would.DEPROVISION;
            case HELD -> Would.HOLD;
            case WAITING -> Would.WAIT;
            case RECEIVED, IN_DOUBT, AWAITING_APPROVAL -> Would.UNKNOWN;
            case DONE, DEAD, CANCELLED ->
                row.outcome()
                                .filter(outcome -> outcome.outcomeClass() == OutcomeClass.SKIPPED)
                                .isPresent()
                        ? Would.SKIP
                        : Would.REFUSE;
        };
    }

    /** What is worth a second look before a device like this is deprovisioned. */
    public static List<String> warnings(Device.Particulars particulars, Instant now) {
        List<String> warnings = new ArrayList<>();
        particulars
                .lastSync()
                .filter(at -> at.isAfter(now.minus(RECENTLY)))
                .ifPresent(at -> warnings.add("active in the last " + RECENTLY.toDays() + " days"));
        if (particulars.ownerType().equalsIgnoreCase("personal")) {
            warnings.add("personal device");
        }
        return warnings;
    }

    /** The device that would be acted on, as far as a later look can tell it from another; empty when there is none. */
    @JsonIgnore
    public Optional<Device> device() {
        return switch (would) {
            case DEPROVISION, HOLD, WAIT ->
                Optional.of(new Device(
                        managedDeviceId,
                        deviceName,
                        serialNumber,
                        operatingSystem,
                        userPrincipalName,
                        azureADDeviceId,
                        Optional.empty(),
                        List.of()));
            case SKIP, REFUSE, UNKNOWN -> Optional.empty();
        };
    }
}
