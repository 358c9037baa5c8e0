package org.deprovisioner.dispatch;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many calls were made since the start, by their answers. Safe for many threads. */
public final class CallCounts {

    private final Map<CallKind, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * What is counted together.
     *
     * @param status of HTTP; 0 where no answer came
     */
    public record CallKind(String tenant, boolean write, int status) {}

    void count(String tenant, boolean write, int status) {
        counts.computeIfAbsent(new CallKind(tenant, write, status), first -> new LongAdder())
                .increment();
    }

    /** All of them. */
    public Map<CallKind, Long> all() {
        Map<CallKind, Long> all = new TreeMap<>(Comparator.comparing(CallKind::tenant)
                .thenComparing(CallKind::write)
                .thenComparing(CallKind::status));
        counts.forEach((kind, count) -> all.put(kind, count.sum()));
        return all;
    }
}
