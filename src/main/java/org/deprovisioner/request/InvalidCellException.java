package org.deprovisioner.request;

/** What keeps a row from becoming a request; its message names the column, the value and the rule. */
final class InvalidCellException extends Exception {

    private final String error;
    private final String remedy;

    InvalidCellException(String error, String remedy) {
        super(error, null, false, false);
        this.error = error;
        this.remedy = remedy;
    }

    String error() {
        return error;
    }

    String remedy() {
        return remedy;
    }
}
