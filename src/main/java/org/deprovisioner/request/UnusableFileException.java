package org.deprovisioner.request;

/** A file holds no requests that could be read; the message says why and what to do, in words for its sender. */
public final class UnusableFileException extends Exception {

    /** With a sentence that says what to do. */
    public UnusableFileException(String message) {
        super(message);
    }
}
