package org.deprovisioner.request;

/** A message cannot be understood as a whole; the message of this exception says why, in words for its sender. */
public final class UnusableMessageException extends Exception {

    public UnusableMessageException(String message) {
        super(message);
    }
}
