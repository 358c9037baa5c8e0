package org.deprovisioner.dispatch;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.UnusableListException;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.request.Device;

/** What a search for a row's device has found: the one device, or how the request ends. A pure decision. */
sealed interface Candidates {

    int MOST_SHOWN = 10;

    /** The one device that it can only be. */
    record One(Device device) implements Candidates {}

    /** None, or not one alone. */
    record Refused(Finding finding) implements Candidates {}

    /** Looks at what was found for a row without an id; exactly one device must agree with all that it says. */
    static Candidates of(Search search) {
        List<Device> agreeing = search.agreeing();
        if (agreeing.size() == 1) {
            return new One(agreeing.get(0));
        } else if (agreeing.isEmpty() && search.found().size() == 1) {
            // the look at it will say in which column it differs
            return new One(search.found().get(0));
        } else if (search.found().isEmpty()) {
            return new Refused(Finding.of(
                    Outcome.NOT_FOUND,
                    "Graph has no device whose " + named(search) + ".",
                    "Check the value and the tenant: the whole value must be as Intune shows it."));
        } else if (agreeing.isEmpty()) {
            return new Refused(Finding.of(
                    Outcome.MISMATCH,
                    search.found().size() + " devices were found whose " + named(search)
                            + ", and none of them agrees with the row's other columns: " + shown(search.found()),
                    "Check the row (is a column shifted?), or fill managedDeviceId with the id of the right one, and drop"
                            + " it again."));
        }
        return new Refused(Finding.of(
                Outcome.AMBIGUOUS,
                (search.foundEnough()
                        ? "More than " + MOST_SHOWN + " devices were found whose " + named(search)
                                + ", the first of them: " + shown(agreeing.subList(0, MOST_SHOWN))
                        : agreeing.size() + " devices were found whose " + named(search) + ": " + shown(agreeing)),
                "Fill managedDeviceId with the id of the right one, and drop the row again."));
    }

    /** How a request ends where the list of what matches cannot be read to its end: two may match, or none. */
    static Finding unknown(Search search, UnusableListException why) {
        return Finding.of(
                Outcome.REJECTED_BY_GRAPH,
                "Graph's list of the devices whose " + named(search) + " cannot be read to its end: " + why.getMessage()
                        + ". So it is not known whether one device alone matches.",
                "Fill managedDeviceId with the id of the device, or drop the row again later.");
    }

    /** How a request ends whose id Intune does not know, and which may be the Entra id of what was found. */
    static Finding ofEntraId(Search search, Finding notFound) {
        if (search.found().size() != 1) {
            return notFound;
        }
        Device device = search.found().get(0);
        return new Finding(
                Outcome.NOT_FOUND,
                notFound.httpStatus(),
                notFound.graphCode(),
                "managedDeviceId " + search.value() + " is the Entra device id (azureADDeviceId) of a device, not its"
                        + " Intune id: " + shown(List.of(device)),
                "Put the Intune id " + device.id() + " into managedDeviceId if this is the device, and drop the row"
                        + " again.");
    }

    private static String named(Search search) {
        return search.property() + " is '" + search.value() + "'";
    }

    private static String shown(List<Device> devices) {
        String list = devices.stream()
                .limit(MOST_SHOWN)
                .map(device -> "id %s, name '%s', serial number '%s', user '%s', %s"
                        .formatted(
                                device.id(),
                                device.deviceName(),
                                device.serialNumber(),
                                device.userPrincipalName(),
                                device.operatingSystem()))
                .collect(joining("; "));
        return devices.size() > MOST_SHOWN
                ? list + "; and %d more.".formatted(devices.size() - MOST_SHOWN)
                : list + ".";
    }
}
