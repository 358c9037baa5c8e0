package org.deprovisioner.simulator;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** An error that Graph answers with. */
final class RefusalException extends RuntimeException {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private final int status;
    private final String code;
    private final String text;
    private final Map<String, String> headers;

    RefusalException(int status, String code, String text, Map<String, String> headers) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
        this.text = text;
        this.headers = headers;
    }

    static RefusalException badRequest(String text) {
        return new RefusalException(400, "BadRequest", text, Map.of());
    }

    /** An error as Intune words it: with a JSON document of its own as the message. */
    static RefusalException intune(int status, String code, String text) {
        return new RefusalException(
                status,
                code,
                WireJson.write(Map.of(
                        "_version", 3, "Message", text, "CustomApiErrorPhrase", "", "ErrorSourceService", "Intune")),
                Map.of());
    }

    SimulatorAnswer answer(Incoming call) {
        Map<String, String> trace = Map.of(
                "date", DATE.format(call.at()),
                "request-id", call.requestId(),
                "client-request-id", call.clientRequestId());
        return SimulatorAnswer.json(status, Map.of("error", Map.of("code", code, "message", text, "innerError", trace)))
                .with(headers);
    }
}
