package org.deprovisioner.dispatch;

import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Outcome;

/** How requests end whose device is not there, or that Graph refuses, in the words of the results. */
final class Findings {

    private static final String NO_SUCH_DEVICE = "ResourceNotFound";

    private Findings() {}

    static Finding of(Settlement.Dead dead, GraphAnswer answer) {
        Outcome outcome = switch (dead.failure()) {
            case REJECTED_BY_GRAPH, TOO_LARGE -> Outcome.REJECTED_BY_GRAPH;
            case RETRIES_EXHAUSTED -> Outcome.RETRIES_EXHAUSTED;
            case APPROVAL_REFUSED -> Outcome.APPROVAL_REFUSED;
        };
        return new Finding(outcome, answer.status(), dead.code(), dead.message(), dead.remedy());
    }

    static Finding gone() {
        return new Finding(
                Outcome.ALREADY_GONE,
                404,
                NO_SUCH_DEVICE,
                "The device was there when it was resolved, and is gone now.",
                "Nothing is to be done.");
    }

    static Finding notFound(Lease lease) {
        return new Finding(
                Outcome.NOT_FOUND,
                404,
                NO_SUCH_DEVICE,
                "Graph has no device at " + lease.address().path() + ".",
                "Check the id: it must be Intune's device id of this tenant, not the Entra id.");
    }
}
