package org.deprovisioner.report;

/** What was asked is not done, and nothing was changed; the message says why, and is what the user sees. */
public class NotDoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Exit exit;

    /** @param exit how a command ends that is refused this */
    public NotDoneException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    /** How a command ends that is refused this. */
    public final Exit exit() {
        return exit;
    }
}
