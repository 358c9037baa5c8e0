package org.deprovisioner.graph;

import java.time.Instant;
import java.util.Map;

/** Answers as Graph, and what stands before it, give them. */
final class Answers {

    static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");

    private Answers() {}

    static GraphAnswer.Http graph(int status, String code, String message) {
        String body = "{\"error\":{\"code\":\"%s\",\"message\":\"%s\",\"innerError\":{\"request-id\":\"r-1\"}}}";
        return http(status, body.formatted(code, message), Map.of("request-id", "r-1", "client-request-id", "c-1"));
    }

    static GraphAnswer.Http graph(int status, String code) {
        return graph(status, code, "Graph says so");
    }

    static GraphAnswer.Http page(int status) {
        return http(status, "<html><h1>Proxy</h1></html>", Map.of("Content-Type", "text/html"));
    }

    static GraphAnswer.Http http(int status, String body, Map<String, String> headers) {
        return new GraphAnswer.Http(status, new Headers(headers), body, AT);
    }
}
