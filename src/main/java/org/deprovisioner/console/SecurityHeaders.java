package org.deprovisioner.console;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deprovisioner.console.WebRequest.Peer;

/** What every answer tells the browser: nothing but our own files, no frame, no guess at types, nothing kept. */
final class SecurityHeaders {

    /** Those of every answer, however it was asked for. */
    static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cache-Control",
            "no-store");

    private SecurityHeaders() {}

    static Map<String, String> of(Peer peer) {
        Map<String, String> headers = new LinkedHashMap<>(ALWAYS);
        if (peer.secure()) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
        return headers;
    }
}
