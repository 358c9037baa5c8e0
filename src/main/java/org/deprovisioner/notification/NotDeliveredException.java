package org.deprovisioner.notification;

import java.io.IOException;

/** A notification was not taken: it says by whom and why, without the address. */
final class NotDeliveredException extends IOException {

    private static final long serialVersionUID = 1L;

    NotDeliveredException(String message) {
        super(message);
    }
}
