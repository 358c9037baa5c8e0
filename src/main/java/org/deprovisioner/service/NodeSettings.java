package org.deprovisioner.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.deprovisioner.audit.NodeId;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.ledger.Nodes;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;

/** What a service tells the others on its ledger of itself. */
public final class NodeSettings {

    /** What decides on what is sent, how fast, and what is done in doubt: in this all must agree. */
    private static final Pattern AGREED = Pattern.compile(
            "deprovision\\.(guard\\.(?!protected$).*|dry-run|in-doubt.*|duplicate-window|verify|mode|bulk\\..*"
                    + "|resolve.*|quota\\..*|retry\\..*|timeout|graph\\.base-url|cloud|reason\\..*|approval\\..*)");

    private static final Pattern NO_NAME = Pattern.compile("[^A-Za-z0-9._-]+");

    private NodeSettings() {}

    /** This service as the others see it. */
    public static Nodes.Self self(Configuration configuration) throws IOException {
        Settings settings = configuration.settings();
        return new Nodes.Self(NodeId.of(settings.data()), name(settings), GraphHttp.version(), agreed(configuration));
    }

    private static String name(Settings settings) {
        return settings.node().orElseGet(() -> {
            try {
                return NO_NAME.matcher(InetAddress.getLocalHost().getHostName()).replaceAll("-");
            } catch (UnknownHostException nameless) {
                return "machine";
            }
        });
    }

    private static Map<String, String> agreed(Configuration configuration) {
        Map<String, String> agreed = new TreeMap<>(configuration.placeholders());
        agreed.keySet().removeIf(key -> !AGREED.matcher(key).matches());
        configuration
                .settings()
                .tenants()
                .forEach((name, tenant) -> agreed.put(
                        "deprovision.tenants." + name,
                        "%s, %s actions and %s reads in %s"
                                .formatted(
                                        tenant.tenantId(),
                                        tenant.quota().writes(),
                                        tenant.quota().reads(),
                                        tenant.quota().window())));
        return agreed;
    }
}
