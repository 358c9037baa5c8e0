package org.deprovisioner.service;

import java.util.List;
import org.deprovisioner.dispatch.CallCounts;
import org.deprovisioner.pace.Pace;

/**
 * What only a running service knows of its work.
 *
 * @param calls made since the start
 * @param usage how much of the quotas is taken now
 * @param active whether it works the ledger off; else it stands by
 * @param writing whether the writer of its ledger goes on working; it has ended where only a new start helps
 */
public record ServiceFigures(List<Calls> calls, List<Pace.Usage> usage, boolean active, boolean writing) {

    /**
     * How many calls of Graph were answered alike.
     *
     * @param write whether they were actions; else reads
     * @param status of HTTP; 0 where no answer came
     */
    public record Calls(String tenant, boolean write, int status, long count) {}

    static ServiceFigures of(CallCounts counts, List<Pace.Usage> usage, boolean active, boolean writing) {
        return new ServiceFigures(
                counts.all().entrySet().stream()
                        .map(of -> new Calls(
                                of.getKey().tenant(),
                                of.getKey().write(),
                                of.getKey().status(),
                                of.getValue()))
                        .toList(),
                usage,
                active,
                writing);
    }

    /** Of a service that has not begun to work. */
    public static ServiceFigures none() {
        return new ServiceFigures(List.of(), List.of(), true, true);
    }
}
