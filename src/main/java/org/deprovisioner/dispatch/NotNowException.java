package org.deprovisioner.dispatch;

/** A request may not go on now and stays where it is: dispatch is paused or stopped, or the request has ended meanwhile. */
public final class NotNowException extends Exception {

    private static final long serialVersionUID = 1L;

    NotNowException(String why) {
        super(why, null, false, false);
    }
}
