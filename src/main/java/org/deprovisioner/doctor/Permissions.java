package org.deprovisioner.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.BearerToken;

/**
 * What a token allows, by what stands in it.
 *
 * @param granted the names of its {@code roles} (of the app) or {@code scp} (of a person)
 * @param person whether a person signed in
 */
record Permissions(Set<String> granted, boolean person) {

    static final String READ = "DeviceManagementManagedDevices.Read.All";
    static final String BULK = "DeviceManagementManagedDevices.PrivilegedOperations.All";

    static final String APPROVALS = "DeviceManagementRBAC.Read.All";

    /** What Microsoft's page has named for the action over time, and what sister actions want. */
    static final List<String> NAMED = List.of(
            BULK,
            "DeviceManagementManagedDevices.ReadWrite.All",
            "DeviceManagementConfiguration.ReadWrite.All",
            "DeviceManagementServiceConfig.ReadWrite.All",
            READ,
            "DeviceManagementConfiguration.Read.All");

    /** Those of them that write. */
    private static final List<String> WRITING = NAMED.subList(0, 4);

    private static final Set<String> READING = Set.of(READ, "DeviceManagementManagedDevices.ReadWrite.All");

    /** What stands in a token; empty when it cannot be read: Graph alone must be able to. */
    static Optional<Permissions> of(BearerToken token) {
        String[] parts = token.value().split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode claims = JsonMapper.builder()
                    .build()
                    .readTree(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8));
            Set<String> granted = new TreeSet<>();
            claims.path("roles").forEach(role -> granted.add(role.asText()));
            boolean person = claims.hasNonNull("scp");
            if (person) {
                granted.addAll(List.of(claims.path("scp").asText().split(" ")));
            }
            return Optional.of(new Permissions(granted, person));
        } catch (IllegalArgumentException | JsonProcessingException strange) {
            return Optional.empty();
        }
    }

    boolean mayRead() {
        return granted.stream().anyMatch(READING::contains);
    }

    boolean mayReadApprovals() {
        return granted.contains(APPROVALS) || granted.contains("DeviceManagementRBAC.ReadWrite.All");
    }

    /** Whether it has what the mode surely wants. */
    boolean mayAct(Settings.Mode mode) {
        return mode == Settings.Mode.BULK
                ? granted.contains(BULK)
                : granted.stream().anyMatch(WRITING::contains);
    }

    boolean hasAnyNamed() {
        return granted.stream().anyMatch(NAMED::contains);
    }

    /** The named permissions, each with whether the token has it. */
    String list() {
        StringBuilder list = new StringBuilder();
        NAMED.forEach(name -> list.append(list.isEmpty() ? "" : ", ")
                .append(name)
                .append(granted.contains(name) ? " (yes)" : " (no)"));
        Set<String> others = new LinkedHashSet<>(granted);
        others.removeAll(NAMED);
        return list + (others.isEmpty() ? "" : "; besides: " + String.join(", ", others));
    }
}
