package org.deprovisioner.graph;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How an attempt ends, and with it, perhaps, its request. */
public sealed interface Settlement {

    /** What can come of an action and of a read alike. */
    sealed interface Common extends Settlement, ReadResult {}

    /** The request is done, or there is nothing left to do. */
    record Done(Success success) implements Settlement {}

    /** The words of the ledger for a request that is done. */
    enum Success {
        DEPROVISIONED,
        ALREADY_GONE
    }

    /**
     * The request is not tried again by itself.
     *
     * @param code Graph's code, empty when it gave none
     * @param message what went wrong, in Graph's words where it gave some
     * @param remedy what a person can do about it
     */
    record Dead(Failure failure, String code, String message, String remedy) implements Common {}

    /** The words of the ledger for a request that failed. */
    enum Failure {
        REJECTED_BY_GRAPH,
        RETRIES_EXHAUSTED,
        APPROVAL_REFUSED,
        TOO_LARGE
    }

    /**
     * Surely nothing happened, and it is tried again.
     *
     * @param delay how long to wait before
     * @param charged whether this attempt counts towards the most that a request gets
     */
    record Retry(Duration delay, boolean charged, String reason) implements Common {}

    /** Graph wants fewer calls: the tenant's lane is closed for a while, and the attempt is not charged. */
    record Throttled(Duration laneClosed) implements Common {}

    /** The action may or may not have happened: the device is to be read back, and dispatch perhaps pauses. */
    record InDoubt(String reason, Optional<Paused> pause) implements Settlement {}

    /**
     * Surely nothing happened, and Intune asks a second administrator first (Multi Admin Approval).
     *
     * @param code Intune's name of the approval request; empty when another one is open for the device
     * @param since when it was asked for
     */
    record Parked(Optional<String> code, Instant since, String reason) implements Settlement {}

    /**
     * The token was refused for the first time: it is tried again at once with a new one.
     *
     * @param claims what the new token must hold, as JSON
     */
    record NewToken(Optional<String> claims) implements Common {}

    /** Graph does not find a device that was there: one more read by its id tells whether it is gone. */
    record ReadOnceMore(Dead otherwise) implements Settlement {}

    /**
     * A fault that is not this request's own: the tenant pauses, and the request goes back uncharged.
     *
     * @param cause the pause in a word, such as {@code unauthorized} or {@code rejected:BadRequest}
     * @param message what happened
     * @param remedy what a person can do about it
     */
    record Paused(String cause, String message, String remedy, Ending ending) implements Common {

        /** What a pause is called whose cause is that something else than Graph answered. */
        static final String NOT_GRAPH = "not-graph";

        /** Whether something that is not Graph answered: of a single read that says nothing of the tenant. */
        public boolean isOfAStranger() {
            return cause.equals(NOT_GRAPH);
        }
    }

    /** How a pause ends. */
    enum Ending {
        /** By itself, when a probe succeeds. */
        PROBE,
        /** By {@code resume}, which begins with a new token. */
        RESUME
    }
}
