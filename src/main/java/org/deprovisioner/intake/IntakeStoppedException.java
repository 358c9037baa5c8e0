package org.deprovisioner.intake;

/** The service stops in the middle of a file; the ledger knows how far it is taken in. */
public final class IntakeStoppedException extends Exception {

    private static final long serialVersionUID = 1L;

    IntakeStoppedException() {
        super("the service stops. What is left of the file is taken in after its next start", null, false, false);
    }
}
