package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.UrlEncoded;

/** The fields of forms and of what stands behind the {@code ?} of an address. */
final class Forms {

    /** The field in which every form of a page carries the token of its session; scripts send it as a header. */
    static final String CSRF = "csrf";

    static final String CSRF_HEADER = "x-csrf-token";

    private static final int MOST_FIELDS = 500;

    private Forms() {}

    /** @throws RefusedException when it is no UTF-8, or has too many fields */
    static Map<String, List<String>> decoded(String encoded) {
        Map<String, List<String>> decoded = new LinkedHashMap<>();
        try {
            UrlEncoded.decodeTo(
                    encoded,
                    (name, value) -> decoded.computeIfAbsent(name, first -> new ArrayList<>())
                            .add(value),
                    UTF_8,
                    MOST_FIELDS);
        } catch (RuntimeException malformed) {
            throw new RefusedException(400, "The fields of the request cannot be read.");
        }
        return decoded;
    }
}
