package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deprovisioner.console.Router.Door;
import org.eclipse.jetty.http.HttpStatus;

/** How a refusal looks: a page for people, problem details (RFC 9457) for programs. */
final class Refusals {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Refusals() {}

    static WebResponse answer(RefusedException refused, Door door, String method, String path) {
        int status = refused.status();
        if (door == Door.BEARER || path.startsWith("/api/")) {
            WebResponse problem = WebResponse.text(status, "application/problem+json", problem(refused));
            return status == 401 ? problem.with("WWW-Authenticate", "Bearer") : problem;
        } else if (door == Door.HEALTH) {
            String text = path.startsWith("/health/") ? "down" : refused.sentence();
            return WebResponse.text(status, "text/plain; charset=utf-8", text + "\n");
        } else if (status == 401 && door == Door.SESSION && method.equals("GET")) {
            return WebResponse.seeOther(SignIn.PATH + "?to=" + URLEncoder.encode(path, UTF_8));
        }
        String after = status == 401 ? SignIn.PATH : "/";
        return WebResponse.html(Page.of(
                        title(status),
                        "<p role=\"alert\">%s</p><p><a href=\"%s\">%s</a></p>"
                                .formatted(
                                        Page.escaped(refused.sentence()),
                                        after,
                                        status == 401 ? "Sign in" : "To the overview")))
                .withStatus(status);
    }

    private static String problem(RefusedException refused) {
        int status = refused.status();
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", title(status));
        problem.put("status", status);
        problem.put("detail", refused.sentence());
        problem.put("remedy", refused.remedy().isEmpty() ? remedy(status) : refused.remedy());
        try {
            return JSON.writeValueAsString(problem);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What helps against a refusal of this kind, whatever was asked for. */
    private static String remedy(int status) {
        return switch (status) {
            case 400 -> "Correct the request: /api/v1/openapi.json describes each operation.";
            case 401 -> "Send 'Authorization: Bearer' with the console's password or a token for the console's app.";
            case 403 -> "Let somebody do it who has the role for it.";
            case 404, 405 -> "/api/v1/openapi.json lists all there is.";
            case 413 -> "Send less at once, or hand over a file.";
            case 421 -> "Use the console's own address, or set deprovision.console.url.";
            case 429, 503 -> "Try again later.";
            default -> "Look at the service's log.";
        };
    }

    private static String title(int status) {
        return HttpStatus.getMessage(status);
    }
}
