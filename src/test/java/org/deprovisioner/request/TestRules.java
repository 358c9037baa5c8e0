package org.deprovisioner.request;

import java.util.Optional;
import java.util.Set;

/** Rules for tests, and rows checked by them. */
final class TestRules {

    static final String ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
    static final String OTHER_ID = "0d6f1c1e-5b0a-4f0e-9a43-5c5a7c1f2b3d";

    static final RequestRules RULES = with(Optional.of("retiring_device"), Set.of(), true);

    private TestRules() {}

    static RequestRules with(Optional<String> defaultReason, Set<String> allowedReasons, boolean resolve) {
        return new RequestRules(
                Set.of("default"), Optional.of("default"), defaultReason, allowedReasons, resolve, Set.of());
    }

    static RequestRules carrying(String... names) {
        return new RequestRules(
                Set.of("default"),
                Optional.of("default"),
                Optional.of("retiring_device"),
                Set.of(),
                true,
                Set.of(names));
    }

    static RequestRules tenants(String... names) {
        return new RequestRules(
                Set.of(names), Optional.empty(), Optional.of("retiring_device"), Set.of(), true, Set.of());
    }
}
