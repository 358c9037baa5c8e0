package org.deprovisioner.faults;

/**
 * One row or message as it was handed over.
 *
 * @param key its {@code requestId}, which no other has
 * @param device the id in it
 */
record Order(String key, String batch, String device, Kind kind) {

    /** What is to become of it. */
    enum Kind {
        /** For a device that is there: it is deprovisioned, once, whatever other orders name it. */
        GOOD,
        /** Its id is none. */
        INVALID,
        /** Nobody knows its device. */
        NOT_FOUND,
        /** Its device is no Chromebook. */
        FOREIGN
    }
}
