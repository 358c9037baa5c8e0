package org.deprovisioner.graph;

import java.io.IOException;

/** The forward proxy opened no connection: no byte of the request left. */
public final class ProxyRefusedException extends IOException {

    ProxyRefusedException(int status) {
        super("the proxy of HTTPS_PROXY opened no connection and answered " + status
                + (status == 407 ? ": it wants another user or password" : ""));
    }
}
