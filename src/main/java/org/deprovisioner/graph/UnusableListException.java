package org.deprovisioner.graph;

/** A list of devices cannot be read to its end; the message says why, as the rest of a sentence about the list. */
public final class UnusableListException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableListException(String why) {
        super(why);
    }
}
