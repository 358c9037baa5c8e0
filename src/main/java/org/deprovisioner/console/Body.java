package org.deprovisioner.console;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What came with a request, within the limit of its route.
 *
 * @param bytes of what is no form; empty otherwise
 * @param form the fields of a form
 * @param files those of a form, by the names of their fields; they are gone once the request is answered
 */
record Body(byte[] bytes, Map<String, List<String>> form, Map<String, Upload> files) {

    static final Body NONE = new Body(new byte[0], Map.of(), Map.of());

    /**
     * A file that came with a form.
     *
     * @param name as the browser says it: a text, never a path
     * @param content where it lies until the request is answered
     */
    record Upload(String name, Path content) {}

    /** How much a route takes. */
    enum Limit {
        /** A page or an operation that has no body. */
        NOTHING(0),
        /** A form of a few fields. */
        FORM(64 << 10),
        /** What a program sends: JSON or CSV. */
        DATA(8 << 20),
        /** A form with a file; it goes to disk. */
        FILE(200 << 20);

        private final int bytes;

        Limit(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }
    }
}
