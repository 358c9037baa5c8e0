package org.deprovisioner.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The one style sheet, the one script and the icon. */
final class Assets {

    void addTo(Router router) {
        add(router, "/console.css", "text/css; charset=utf-8");
        add(router, "/console.js", "text/javascript; charset=utf-8");
        add(router, "/icon.svg", "image/svg+xml");
    }

    private static void add(Router router, String path, String contentType) {
        String text = text("/console" + path);
        router.open("GET", path, request -> WebResponse.text(200, contentType, text));
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
