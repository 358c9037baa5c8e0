package org.deprovisioner.graph;

import java.io.IOException;

/** A call was ready to be written when it should have left long ago: no byte of the request left. */
final class TooLateException extends IOException {

    TooLateException() {
        super("it would have left too late after its attempt was recorded");
    }
}
