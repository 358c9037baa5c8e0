package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What came with a request, within the limit of its route.
 *
 * @param data of what is no form; empty otherwise
 * @param form the fields of a form
 * @param files those of a form, by the names of their fields; they are gone once the request is answered
 */
record Body(ByteBuffer data, Map<String, List<String>> form, Map<String, Upload> files) {

    static final Body NONE = of(new byte[0]);

    /** What is no form. */
    static Body of(byte[] bytes) {
        return new Body(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), Map.of(), Map.of());
    }

    static Body form(Map<String, List<String>> form, Map<String, Upload> files) {
        return new Body(NONE.data, form, files);
    }

    /** A copy of what is no form. */
    byte[] bytes() {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return bytes;
    }

    /**
     * The same as text.
     *
     * @throws RefusedException when it is no UTF-8: a reason or a name would be another one than was sent
     */
    String text() {
        try {
            return UTF_8.newDecoder().decode(data.duplicate()).toString();
        } catch (CharacterCodingException otherwiseEncoded) {
            throw new RefusedException(400, "The body is not UTF-8. Nothing was taken or done.");
        }
    }

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
