package org.deprovisioner.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way in: a whole one, or a part of another.
 *
 * @param headers by name, in any case of letters
 * @param target what the path names
 */
record Incoming(
        Instant at,
        String requestId,
        @Nullable String via,
        String method,
        String path,
        @Nullable String query,
        TreeMap<String, String> headers,
        String body,
        Target target) {

    static Incoming whole(
            Instant at, String method, String path, @Nullable String query, Map<String, String> headers, String body) {
        return received(at, null, method, path, query, headers, body, Target.of(path));
    }

    /** A part of this call, with its authority. */
    Incoming part(String via, String method, String url, Map<String, String> headers, String body) {
        int mark = url.indexOf('?');
        String path = mark < 0 ? url : url.substring(0, mark);
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Authorization", header("Authorization"));
        return received(at, via, method, path, mark < 0 ? null : url.substring(mark + 1), all, body, Target.of(path));
    }

    /** What this call does to one of its devices. */
    Incoming device(String via, String deviceId) {
        return new Incoming(
                at,
                requestId,
                via,
                method,
                path,
                query,
                headers,
                "",
                new Target(Target.Operation.DEPROVISION, deviceId.toLowerCase(Locale.ROOT), null, null));
    }

    private static Incoming received(
            Instant at,
            @Nullable String via,
            String method,
            String path,
            @Nullable String query,
            Map<String, String> headers,
            String body,
            Target target) {
        TreeMap<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        return new Incoming(at, UUID.randomUUID().toString(), via, method, path, query, byName, body, target);
    }

    /** Empty when there is none. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String clientRequestId() {
        return headers.getOrDefault("client-request-id", requestId);
    }

    Map<String, String> queryParameters() {
        return form(query == null ? "" : query);
    }

    /** Pairs as a form or a query has them; the last of a name counts. */
    static Map<String, String> form(String encoded) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    /** The line that the log keeps of it. */
    Call answered(SimulatorAnswer answer, boolean withBody) {
        List<String> names = new ArrayList<>();
        headers.keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return new Call(
                at,
                via,
                method,
                path,
                query,
                names,
                headers.get("client-request-id"),
                answer.headers().get("request-id"),
                withBody && !body.isEmpty() ? body : null,
                target.deviceId(),
                answer.ending(),
                answer.status(),
                answer.executions() > 0,
                answer.executions());
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RefusalException.badRequest("'" + text + "' is not encoded as it should be.");
        }
    }
}
