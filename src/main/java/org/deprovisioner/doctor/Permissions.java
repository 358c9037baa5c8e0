package org.deprovisioner.doctor;

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
        return token.claims().map(claims -> {
            Set<String> granted = new TreeSet<>();
            claims.path("roles").forEach(role -> granted.add(role.asText()));
            boolean person = claims.hasNonNull("scp");
            if (person) {
                granted.addAll(List.of(claims.path("scp").asText().split(" ")));
            }
            return new Permissions(granted, person);
        });
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
}
