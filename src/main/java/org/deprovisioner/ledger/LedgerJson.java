package org.deprovisioner.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.deprovisioner.request.Device;
import org.deprovisioner.store.StoreException;
import org.jspecify.annotations.Nullable;

/** What the ledger keeps as JSON text: lists of cells, and the device as Graph described it. */
final class LedgerJson {

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<String>> LIST = new TypeReference<>() {};

    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

    private LedgerJson() {}

    static String list(List<String> values) {
        return write(values);
    }

    static List<String> list(String text) {
        return read(text, LIST);
    }

    static String map(SortedMap<String, String> values) {
        return write(values);
    }

    static Map<String, String> map(String text) {
        return read(text, MAP);
    }

    static String device(Device device) {
        return write(new StoredDevice(
                device.id(),
                device.deviceName(),
                device.serialNumber(),
                device.operatingSystem(),
                device.userPrincipalName(),
                device.azureADDeviceId(),
                device.enrolled().map(Instant::toString).orElse(""),
                device.actions().stream()
                        .map(action -> new KeptAction(
                                action.state(),
                                action.started().map(Instant::toString).orElse("")))
                        .toList(),
                new KeptParticulars(
                        device.particulars().model(),
                        device.particulars().ownerType(),
                        device.particulars().managementState(),
                        device.particulars().lastSync().map(Instant::toString).orElse(""))));
    }

    static Optional<Device> device(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        StoredDevice kept = read(text, new TypeReference<StoredDevice>() {});
        return Optional.of(new Device(
                kept.id,
                kept.name,
                kept.serial,
                kept.os,
                kept.user,
                kept.entraId,
                instant(kept.enrolled),
                kept.actions.stream()
                        .map(action -> new Device.Action(action.state, instant(action.started)))
                        .toList(),
                particulars(kept.particulars)));
    }

    /** What was kept before there were particulars has none. */
    private static Device.Particulars particulars(@Nullable KeptParticulars kept) {
        return kept == null
                ? Device.Particulars.NONE
                : new Device.Particulars(kept.model, kept.ownerType, kept.state, instant(kept.lastSync));
    }

    private static Optional<Instant> instant(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static <T> T read(String text, TypeReference<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException damaged) {
            throw new StoreException(
                    "The ledger holds a text that is not the JSON it wrote. Put a backup in place.", damaged);
        }
    }

    private record StoredDevice(
            String id,
            String name,
            String serial,
            String os,
            String user,
            String entraId,
            String enrolled,
            List<KeptAction> actions,
            @Nullable KeptParticulars particulars) {}

    private record KeptParticulars(String model, String ownerType, String state, String lastSync) {}

    private record KeptAction(String state, String started) {}
}
