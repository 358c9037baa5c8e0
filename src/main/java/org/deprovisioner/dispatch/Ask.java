package org.deprovisioner.dispatch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.ledger.Lease;
import org.jspecify.annotations.Nullable;

/** What is asked of Graph in one call: each sort knows the HTTP request that says it. */
sealed interface Ask permits Action, Look, LookAgain, Poll, ReadBack, Probe, FleetPage, Together {

    /** Whose quota and token it uses. */
    default String tenant() {
        return lease().tenant();
    }

    /** The claim on the request that it is for; empty where it is for none, or for several. */
    Optional<Lease> request();

    /** The claim on the one request that it is for. */
    default Lease lease() {
        return request().orElseThrow();
    }

    /** The HTTP method. */
    default String method() {
        return "GET";
    }

    /** The path below Graph's base URL, without a leading slash; every placeholder in it was checked and encoded. */
    String path();

    /** The query; null where there is none. */
    default @Nullable String query() {
        return null;
    }

    /** The headers that it has beside those of every call. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** The JSON body; null where there is none. */
    default @Nullable String body() {
        return null;
    }

    /** Whether it changes something; else it only reads. */
    default boolean isWrite() {
        return false;
    }

    /** How many places in the quota it takes. */
    default int places() {
        return 1;
    }

    /** What a read asks for: an answer to anything else is none. */
    default Sought sought() {
        return Sought.someDevices();
    }

    /** What is looked at or acted on, by a name that no other device has. */
    default String subject() {
        return request().map(lease -> lease.address().path()).orElse("");
    }

    /** The calls that it is made of; none where it is one alone. */
    default List<Call> parts() {
        return List.of();
    }
}
