package org.deprovisioner.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of the calls that were made lately. An answer that says back the name of another of them came on a connection
 * on which somebody answered once too often: believed, it would settle the wrong device. Many threads use it at once.
 */
final class RecentCalls {

    /** More than are made while a connection lives idle. */
    private static final int MOST = 10_000;

    private final Set<String> names = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    }));

    void add(String name) {
        if (!name.isEmpty()) {
            names.add(plain(name));
        }
    }

    /** Whether an answer that says back this name is one to another call than that. */
    boolean isAnother(String said, String call) {
        return !plain(said).equals(plain(call)) && names.contains(plain(said));
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
