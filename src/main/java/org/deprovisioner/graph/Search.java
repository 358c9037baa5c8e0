package org.deprovisioner.graph;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;
import org.deprovisioner.request.Folding;

/**
 * A search for the devices of which one property has exactly a value, page after page. Graph's filter is not trusted to
 * take whole values only: what it lists is compared here once more, in Unicode normal form NFC, without case and surrounding space.
 *
 * @param found the devices of the pages so far that match
 * @param next the query of the next page, empty when there is none
 * @see <a href="https://learn.microsoft.com/graph/filter-query-parameter">$filter</a>
 */
public record Search(Property property, String value, List<Device> found, Optional<String> next) {

    /** Where all searches look, below Graph's base URL. */
    public static final String PATH = "deviceManagement/managedDevices";

    /** What Graph can filter devices by, the one that tells most of a device first. */
    public enum Property {
        ENTRA_ID("azureADDeviceId"),
        SERIAL_NUMBER("serialNumber"),
        DEVICE_NAME("deviceName"),
        USER("userPrincipalName");

        private final String graphName;

        Property(String graphName) {
            this.graphName = graphName;
        }

        private Optional<String> of(Expected row) {
            return switch (this) {
                case ENTRA_ID -> row.azureADDeviceId();
                case SERIAL_NUMBER -> row.serialNumber();
                case DEVICE_NAME -> row.deviceName();
                case USER -> row.userPrincipalName();
            };
        }

        private String of(Device device) {
            return switch (this) {
                case ENTRA_ID -> device.azureADDeviceId();
                case SERIAL_NUMBER -> device.serialNumber();
                case DEVICE_NAME -> device.deviceName();
                case USER -> device.userPrincipalName();
            };
        }

        private boolean matches(Device device, String value) {
            return Folding.plain(of(device)).equals(Folding.plain(value));
        }

        /** Graph's name of it, which is also the column's. */
        @Override
        public String toString() {
            return graphName;
        }
    }

    /** The search for the device of a row that gives no id. */
    public static Search of(Expected expected) {
        return Arrays.stream(Property.values())
                .flatMap(property -> property.of(expected).stream().map(value -> of(property, value)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a row that names no device passed the checks"));
    }

    /** The search for all devices with a value. */
    public static Search of(Property property, String value) {
        String filter = property + " eq '" + value.replace("'", "''") + "'";
        return new Search(
                property,
                value,
                List.of(),
                Optional.of("$filter="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8).replace("+", "%20") + "&$select="
                        + Reading.FIELDS));
    }

    /** Whether there is no further page. */
    public boolean isComplete() {
        return next.isEmpty();
    }

    /** With what this page adds. Where it says to go on elsewhere than below the base URL, the search does not go on. */
    public Search with(Reading.Listed page, String baseUrl) throws Strayed {
        Optional<String> following = following(page, baseUrl, next.orElse(""));
        return new Search(
                property,
                value,
                Stream.concat(found.stream(), page.devices().stream().filter(device -> property.matches(device, value)))
                        .distinct()
                        .toList(),
                following);
    }

    /** The query of the page after this one, empty when it is the last. */
    public static Optional<String> following(Reading.Listed page, String baseUrl, String query) throws Strayed {
        if (page.next().isEmpty()) {
            return Optional.empty();
        }
        String link = page.next().get();
        String here = baseUrl + "/" + PATH + "?";
        if (!link.regionMatches(true, 0, here, 0, here.length())
                || link.substring(here.length()).equals(query)) {
            throw new Strayed();
        }
        return Optional.of(link.substring(here.length()));
    }

    /** Those found that agree with all that a row says. */
    public List<Device> agreeing(Expected expected) {
        return found.stream()
                .filter(device -> Arrays.stream(Property.values())
                        .allMatch(one -> one.of(expected)
                                .filter(said -> !one.matches(device, said))
                                .isEmpty()))
                .toList();
    }

    /** A list that goes on at another address, or at the same page for ever. */
    public static final class Strayed extends Exception {

        private static final long serialVersionUID = 1L;

        /** What becomes of it: the token goes to no other address, so the tenant waits for a person. */
        public Settlement.Paused pause() {
            return new Settlement.Paused(
                    "strayed",
                    "the list of devices goes on at another address than Graph's, which is never followed",
                    Remedies.NETWORK,
                    Settlement.Ending.RESUME);
        }
    }
}
