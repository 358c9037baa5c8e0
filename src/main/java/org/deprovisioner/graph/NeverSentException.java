package org.deprovisioner.graph;

import java.io.IOException;

/** A call that failed before its connection stood: no byte of the request left. */
final class NeverSentException extends IOException {

    NeverSentException(IOException cause) {
        super(cause.toString(), cause);
    }
}
