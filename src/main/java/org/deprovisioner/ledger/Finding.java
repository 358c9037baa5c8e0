package org.deprovisioner.ledger;

/**
 * How a request ends, or why it stands where it is, in words for its row.
 *
 * @param outcome how it ended
 * @param httpStatus the status of Graph's answer, 0 without one
 * @param graphCode Graph's error code, empty without one
 * @param error what happened, empty when all went well
 * @param remedy what the user can do, empty when nothing is to be done
 */
public record Finding(Outcome outcome, int httpStatus, String graphCode, String error, String remedy) {

    /** An outcome that no answer of Graph's action led to. */
    public static Finding of(Outcome outcome, String error, String remedy) {
        return new Finding(outcome, 0, "", error, remedy);
    }
}
