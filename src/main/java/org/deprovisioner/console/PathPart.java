package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;

/** One part of a path: between two slashes, percent-encoded. */
final class PathPart {

    private PathPart() {}

    /** How a name is written in a path, such as {@code "/batches/" + PathPart.encoded(batch)}. */
    static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    /** @throws RefusedException when it is no name: malformed, or with letters that only move cursors and folders */
    static String decoded(String part) {
        try {
            String name = URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
            if (name.chars().noneMatch(letter -> letter < ' ' || letter == 0x7f || letter == '/' || letter == '\\')
                    && name.indexOf('\uFFFD') < 0
                    && !name.equals(".")
                    && !name.equals("..")) {
                return name;
            }
        } catch (IllegalArgumentException malformed) {
            // as below
        }
        throw new RefusedException(400, "The address cannot be read.");
    }
}
