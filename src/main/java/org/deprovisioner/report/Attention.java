package org.deprovisioner.report;

import java.util.ArrayList;
import java.util.List;

/** What a person should look at, in few words each: what stands still until somebody does something, or soon will. */
public final class Attention {

    private Attention() {}

    /** What it is that stands like this; none when all is well. Dead letters are none of it: they stay for good. */
    public static List<String> of(SystemStatus status) {
        List<String> needs = new ArrayList<>();
        if (!status.stopFile().isEmpty()) {
            needs.add("the file " + status.stopFile() + " stops every call");
        }
        if (!status.protectedList().isEmpty()) {
            needs.add("the list of protected devices: " + status.protectedList());
        }
        status.pauses()
                .forEach(
                        pause -> needs.add("paused: " + PauseReport.scopeName(pause.scope()) + ", " + pause.message()));
        status.held()
                .forEach(held -> needs.add("held: '%s', %,d %s"
                        .formatted(held.batch(), held.devices(), held.devices() == 1 ? "device" : "devices")));
        status.service().broker().forEach(fault -> needs.add("broker: " + fault.message()));
        needs.addAll(status.credentialsEndingSoon());
        status.undeliveredNotifications()
                .forEach(channel -> needs.add(
                        "notifications do not leave by %s: %s".formatted(channel.channel(), channel.error())));
        return List.copyOf(needs);
    }
}
