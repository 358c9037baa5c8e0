package org.deprovisioner.token;

import java.time.Instant;

/** An access token for Graph and the instant at which it ends. It masks itself wherever it is printed. */
public record BearerToken(String value, Instant expires) {

    @Override
    public String toString() {
        return "BearerToken[********, expires=" + expires + "]";
    }
}
