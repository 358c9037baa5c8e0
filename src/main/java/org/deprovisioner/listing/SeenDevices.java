package org.deprovisioner.listing;

import java.util.UUID;

/** The ids of the devices that were read, sixteen bytes each: a million of them take 32 to 64 MB. */
final class SeenDevices {

    private static final int FIRST_SIZE = 1 << 12;

    /** Two numbers an id, at the place that it hashes to or behind it; 0, 0 is free, for no device has that id. */
    private long[] places = new long[2 * FIRST_SIZE];

    private int count;
    private boolean nil;

    /**
     * Remembers a device.
     *
     * @param id a GUID
     * @return whether it is new
     */
    boolean add(String id) {
        UUID guid = UUID.fromString(id);
        long most = guid.getMostSignificantBits();
        long least = guid.getLeastSignificantBits();
        if (most == 0 && least == 0) {
            boolean first = !nil;
            nil = true;
            return first;
        }
        if (4 * (count + 1) > places.length) { // half of the places are free
            grow();
        }
        boolean added = put(places, most, least);
        count += added ? 1 : 0;
        return added;
    }

    private void grow() {
        long[] larger = new long[2 * places.length];
        for (int i = 0; i < places.length; i += 2) {
            if (places[i] != 0 || places[i + 1] != 0) {
                put(larger, places[i], places[i + 1]);
            }
        }
        places = larger;
    }

    private static boolean put(long[] places, long most, long least) {
        int mask = places.length / 2 - 1;
        int place = Long.hashCode((most ^ Long.rotateLeft(least, 32)) * 0x9e3779b97f4a7c15L) & mask;
        while (places[2 * place] != 0 || places[2 * place + 1] != 0) {
            if (places[2 * place] == most && places[2 * place + 1] == least) {
                return false;
            }
            place = (place + 1) & mask;
        }
        places[2 * place] = most;
        places[2 * place + 1] = least;
        return true;
    }
}
