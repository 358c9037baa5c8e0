package org.deprovisioner.broker;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.rights.OwnerAlone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker does not do for the running service now, kept in {@code data/broker/faults.json} so that other processes
 * can show it. A fault goes as soon as what failed succeeds.
 */
public final class BrokerFaults {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerFaults.class);

    private static final String FILE = "broker/faults.json";
    private final Path file;
    private final String broker;
    private final Clock clock;
    private final Map<String, BrokerFault> now = new TreeMap<>();

    /**
     * Begins with none.
     *
     * @param url the broker's, or {@code embedded}
     */
    BrokerFaults(Path data, String url, Clock clock) {
        this.file = data.resolve(FILE);
        this.broker = url.equals("embedded")
                ? "The embedded broker"
                : "The broker at "
                        + url.replaceFirst("[?].*", "").replaceFirst("//[^/@]*@", "//"); // no secret of the address
        this.clock = clock;
        write();
    }

    /** What the service that works on this folder has kept; none where nothing is wrong. */
    public static List<BrokerFault> of(Path data) {
        if (Files.notExists(data.resolve(FILE))) {
            return List.of();
        }
        List<BrokerFault> faults = new ArrayList<>();
        try {
            for (JsonNode fault : new JsonMapper().readTree(Files.readAllBytes(data.resolve(FILE)))) {
                faults.add(new BrokerFault(
                        Instant.parse(fault.path("sinceUtc").asText()),
                        fault.path("message").asText(),
                        fault.path("remedy").asText()));
            }
        } catch (IOException | DateTimeException unreadable) {
            LOG.debug("What is wrong with the broker cannot be read", unreadable);
        }
        return faults;
    }

    /** @param deed what failed, such as {@code receive from deprovision.requests} */
    synchronized void failed(String deed, JMSException failure) {
        BrokerFault fault = BrokerFault.of(failure, broker, deed, clock.instant());
        BrokerFault known = now.get(deed);
        if (known == null || !known.remedy().equals(fault.remedy())) {
            now.put(deed, fault);
            LOG.warn("{} {}", fault.message(), fault.remedy());
            write();
        }
    }

    synchronized void succeeded(String deed) {
        if (now.remove(deed) != null) {
            LOG.info("{} lets us {} again.", broker, deed);
            write();
        }
    }

    /** The service ends: what was wrong may be gone before its next start. */
    synchronized void forget() {
        now.clear();
        write();
    }

    private void write() {
        try {
            if (now.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            JsonMapper json = new JsonMapper();
            ArrayNode faults = json.createArrayNode();
            now.values().stream()
                    .collect(toMap(BrokerFault::message, fault -> fault, (first, same) -> first, TreeMap::new))
                    .values()
                    .forEach(fault -> faults.addObject()
                            .put("sinceUtc", fault.since().toString())
                            .put("message", fault.message())
                            .put("remedy", fault.remedy()));
            Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
            OwnerAlone.folder(file.resolveSibling(""));
            Files.deleteIfExists(fresh);
            OwnerAlone.file(fresh);
            Files.write(fresh, json.writeValueAsBytes(faults));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritten) {
            LOG.warn("What is wrong with the broker cannot be kept for 'status': {}", unwritten.getMessage());
        }
    }
}
