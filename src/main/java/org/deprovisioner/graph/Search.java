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
 * @param expected all that the row says of the device
 * @param found the devices of the pages so far that match
 * @param next the next page, empty when no further one is to be read
 * @see <a href="https://learn.microsoft.com/graph/filter-query-parameter">$filter</a>
 */
public record Search(Property property, String value, Expected expected, List<Device> found, Optional<Pages> next) {

    /** More than one is too many, and ten are shown: so many are enough, and as many are asked for at once. */
    static final int ENOUGH = 11;

    /** So many pages of a search are read at most. */
    static final int MOST_PAGES = 100;

    private static final Expected ANY =
            new Expected(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

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
                .flatMap(property -> property.of(expected).stream().map(value -> of(property, value, expected)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a row that names no device passed the checks"));
    }

    /** The search for all devices with a value. */
    public static Search of(Property property, String value) {
        return of(property, value, ANY);
    }

    private static Search of(Property property, String value, Expected expected) {
        String query = filter(property, value) + "&$top=" + ENOUGH + "&$select=" + ReadResult.FIELDS;
        return new Search(property, value, expected, List.of(), Optional.of(Pages.from(query)));
    }

    /** What asks Graph for the devices with a value, as a part of a query. */
    public static String filter(Property property, String value) {
        String filter = property + " eq '" + value.replace("'", "''") + "'";
        return "$filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Whether no further page is to be read. */
    public boolean isComplete() {
        return next.isEmpty();
    }

    /** Whether more devices agree than a person is shown: it was not searched for all of them. */
    public boolean foundEnough() {
        return agreeing().size() >= ENOUGH;
    }

    /**
     * With what this page adds.
     *
     * @throws UnusableListException when the list cannot be read to its end
     */
    public Search with(ReadResult.Listed page, String baseUrl) throws UnusableListException {
        List<Device> all = Stream.concat(
                        found.stream(), page.devices().stream().filter(device -> property.matches(device, value)))
                .distinct()
                .toList();
        Search soFar = new Search(property, value, expected, all, Optional.empty());
        return soFar.foundEnough() || next.isEmpty()
                ? soFar
                : new Search(property, value, expected, all, next.get().after(page, baseUrl, MOST_PAGES));
    }

    /** Those found that agree with all that the row says. */
    public List<Device> agreeing() {
        return found.stream()
                .filter(device -> Arrays.stream(Property.values())
                        .allMatch(one -> one.of(expected)
                                .filter(said -> !one.matches(device, said))
                                .isEmpty()))
                .toList();
    }
}
