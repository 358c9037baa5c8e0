package org.deprovisioner.console;

/** What was asked for is not given: an HTTP status, and a sentence for who asked that says what to do. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String remedy;

    RefusedException(int status, String message) {
        this(status, message, "");
    }

    /** @param remedy what to do, where the sentence does not say it */
    RefusedException(int status, String message, String remedy) {
        super(message);
        this.status = status;
        this.remedy = remedy;
    }

    int status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }

    String remedy() {
        return remedy;
    }
}
