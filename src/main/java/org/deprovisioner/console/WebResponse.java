package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is answered. {@link ConsoleHandler} adds the headers that every answer has; those here are stronger.
 *
 * @param content writes the body, which is not held in memory as a whole
 */
record WebResponse(int status, Map<String, String> headers, List<String> cookies, Content content) {

    /** Writes a body. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A page. */
    static WebResponse html(String page) {
        return text(200, "text/html; charset=utf-8", page);
    }

    /** JSON that is at hand as a whole. */
    static WebResponse json(String json) {
        return text(200, "application/json", json);
    }

    /** Any text. */
    static WebResponse text(int status, String contentType, String text) {
        return streamed(contentType, out -> out.write(text.getBytes(UTF_8))).withStatus(status);
    }

    /** What is written while it is read, such as the results of a large batch. */
    static WebResponse streamed(String contentType, Content content) {
        return new WebResponse(200, Map.of("Content-Type", contentType), List.of(), content);
    }

    /** To another page of the console, by GET: what follows each action. */
    static WebResponse seeOther(String path) {
        return new WebResponse(303, Map.of("Location", path), List.of(), out -> {});
    }

    WebResponse withStatus(int other) {
        return new WebResponse(other, headers, cookies, content);
    }

    WebResponse with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new WebResponse(status, all, cookies, content);
    }

    WebResponse withCookie(String cookie) {
        List<String> all = new ArrayList<>(cookies);
        all.add(cookie);
        return new WebResponse(status, headers, all, content);
    }
}
