package org.deprovisioner.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The managed devices of the tenant. A device is computed from its index whenever somebody asks, and the index from any
 * of its keys, so that a million of them cost nothing; only what was added, removed or acted upon is kept.
 *
 * <p>The same size and seed always give the same devices. Of a hundred about eighty run {@code ChromeOS}, eight
 * {@code Chrome OS}, eight Windows and four iOS; the user of every device whose index ends in 9 is the one of the device
 * before. Safe for many threads.
 */
public final class Population {

    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern NAME = Pattern.compile("[a-z]+-(\\d{7})");
    private static final Pattern USER = Pattern.compile("user(\\d{7})@school\\.example");
    private static final Pattern SERIAL = Pattern.compile("5cd([0-9a-z]{7})");
    private static final Instant FIRST_ENROLMENT = Instant.parse("2024-08-01T06:00:00Z");

    /** What seven digits can number. */
    private static final int LARGEST = 10_000_000;

    /** Odd, so that multiplying with it is a bijection of the 32-bit numbers. */
    private static final int SPREAD = 0x9E3779B1;

    private static final int GATHER = inverse(SPREAD);

    private final int size;
    private final int seed;
    private final Map<UUID, ManagedDevice> added = new ConcurrentSkipListMap<>();
    private final Map<UUID, List<Instant>> executions = new ConcurrentHashMap<>();
    private final Set<UUID> removed = ConcurrentHashMap.newKeySet();

    /** A fleet of {@code size} devices. */
    public Population(int size) {
        this(size, 1);
    }

    /** A fleet of {@code size} devices, others for each seed. */
    public Population(int size, int seed) {
        if (size < 0 || size > LARGEST) {
            throw new IllegalArgumentException("A population of " + size + " devices: give 0 to " + LARGEST);
        }
        this.size = size;
        this.seed = seed;
    }

    /** How many devices were computed, without those added. */
    public int size() {
        return size;
    }

    /** The device at {@code index}, as it was when it was enrolled, whatever has become of it since. */
    public ManagedDevice device(int index) {
        Objects.checkIndex(index, size);
        int dice = Math.floorMod((int) hash(index, "os"), 100);
        Make make = dice < 80 ? Make.CHROMEOS : dice < 88 ? Make.CHROME_OS : dice < 96 ? Make.WINDOWS : Make.IOS;
        Instant enrolled = FIRST_ENROLMENT.plus(Duration.ofMinutes(index % 500_000));
        return new ManagedDevice(
                guid(index, "intune").toString(),
                "%s-%07d".formatted(make.prefix, index),
                serial(index),
                make.operatingSystem,
                make.version,
                make.model,
                "user%07d@school.example".formatted(index % 10 == 9 ? index - 1 : index),
                guid(index, "entra").toString(),
                "company",
                "managed",
                enrolled,
                enrolled.plus(Duration.ofDays(30)),
                List.of());
    }

    /** All devices that are still there, those added first. */
    public Stream<ManagedDevice> devices() {
        return page(0, Integer.MAX_VALUE);
    }

    /** The device with this Intune id, in any case of letters, unless it was removed. */
    public Optional<ManagedDevice> find(String id) {
        return guid(id).flatMap(key -> Optional.ofNullable(added.get(key))
                .or(() -> computed(index(key))
                        .filter(device -> device.id().equals(key.toString()))
                        .findFirst()));
    }

    /** The instants at which the device was deprovisioned, the oldest first; more than one is one too many. */
    public List<Instant> executions(String id) {
        return guid(id).map(key -> executions.getOrDefault(key, List.of())).orElse(List.of());
    }

    /** Adds a device, or replaces the one with its id; it has not been acted upon. */
    public void add(ManagedDevice device) {
        UUID key = guid(device.id())
                .orElseThrow(() -> new IllegalArgumentException("'" + device.id() + "' is not a device id (a GUID)"));
        added.put(key, device);
        executions.remove(key);
        removed.remove(key);
    }

    /** Takes a device out of the tenant; from now on it is not found. */
    public void remove(String id) {
        guid(id).ifPresent(key -> {
            removed.add(key);
            added.remove(key);
        });
    }

    /** Notes that the device was deprovisioned, and answers how often it has been by now. */
    int deprovision(String id, Instant now) {
        return guid(id).map(key -> executions.merge(key, List.of(now), Population::joined))
                .map(List::size)
                .orElse(0);
    }

    /** The devices from position {@code offset} to before {@code end}, without those removed. */
    Stream<ManagedDevice> page(int offset, int end) {
        List<ManagedDevice> first = List.copyOf(added.values());
        return IntStream.range(offset, Math.min(end, positions()))
                .boxed()
                .flatMap(at -> at < first.size() ? Stream.of(first.get(at)) : computed(at - first.size()));
    }

    /** One more than the last position that {@link #page} knows. */
    int positions() {
        return size + added.size();
    }

    /** The devices whose property has this value, in any case of letters. */
    List<ManagedDevice> matching(Key key, String value) {
        Stream<ManagedDevice> computed =
                indexes(key, value.toLowerCase(Locale.ROOT)).boxed().flatMap(this::computed);
        return Stream.concat(added.values().stream(), computed)
                .filter(device -> key.of(device).equalsIgnoreCase(value))
                .toList();
    }

    static Optional<UUID> guid(String text) {
        return GUID.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** What a list can be filtered by. */
    enum Key {
        SERIAL_NUMBER("serialNumber"),
        DEVICE_NAME("deviceName"),
        ENTRA_ID("azureADDeviceId"),
        USER("userPrincipalName");

        private final String property;

        Key(String property) {
            this.property = property;
        }

        static Optional<Key> named(String property) {
            return Arrays.stream(values())
                    .filter(key -> key.property.equals(property))
                    .findFirst();
        }

        private String of(ManagedDevice device) {
            return switch (this) {
                case SERIAL_NUMBER -> device.serialNumber();
                case DEVICE_NAME -> device.deviceName();
                case ENTRA_ID -> device.azureADDeviceId();
                case USER -> device.userPrincipalName();
            };
        }
    }

    /** The indexes that alone may have this value, given in lower case. */
    private IntStream indexes(Key key, String value) {
        Matcher serial = SERIAL.matcher(value);
        Matcher name = NAME.matcher(value);
        Matcher user = USER.matcher(value);
        if (key == Key.SERIAL_NUMBER && serial.matches()) {
            return IntStream.of(((int) Long.parseLong(serial.group(1), 36) * GATHER) ^ seed);
        } else if (key == Key.DEVICE_NAME && name.matches()) {
            return IntStream.of(Integer.parseInt(name.group(1)));
        } else if (key == Key.USER && user.matches()) {
            int first = Integer.parseInt(user.group(1));
            return IntStream.of(first, first + 1);
        }
        return key == Key.ENTRA_ID ? guid(value).stream().mapToInt(this::index) : IntStream.empty();
    }

    private enum Make {
        CHROMEOS("chromebook", "ChromeOS", "16033.58.0", "HP Chromebook 11 G9 EE"),
        CHROME_OS("chromebook", "Chrome OS", "15917.71.0", "Acer Chromebook Spin 511"),
        WINDOWS("laptop", "Windows", "10.0.26100.2314", "Latitude 3140"),
        IOS("ipad", "iOS", "18.1.1", "iPad (10th generation)");

        private final String prefix;
        private final String operatingSystem;
        private final String version;
        private final String model;

        Make(String prefix, String operatingSystem, String version, String model) {
            this.prefix = prefix;
            this.operatingSystem = operatingSystem;
            this.version = version;
            this.model = model;
        }
    }

    /** The device at an index that may lie outside, unless it was removed or replaced. */
    private Stream<ManagedDevice> computed(int index) {
        if (index < 0 || index >= size) {
            return Stream.empty();
        }
        UUID key = guid(index, "intune");
        return removed.contains(key) || added.containsKey(key) ? Stream.empty() : Stream.of(device(index));
    }

    /** A GUID (version 4 by its looks) whose last 32 bits hold the index. */
    private UUID guid(int index, String kind) {
        long noise = hash(index, kind);
        long high = (noise & ~0xF000L) | 0x4000L;
        long low = 0x8000_0000_0000_0000L | ((noise * 31 & 0x3FFF_FFFFL) << 32) | spread(index);
        return new UUID(high, low);
    }

    private int index(UUID guid) {
        return ((int) guid.getLeastSignificantBits() * GATHER) ^ seed;
    }

    private String serial(int index) {
        String digits = Long.toString(spread(index), 36).toUpperCase(Locale.ROOT);
        return "5CD" + "0".repeat(7 - digits.length()) + digits;
    }

    private long spread(int index) {
        return Integer.toUnsignedLong((index ^ seed) * SPREAD);
    }

    private long hash(int index, String kind) {
        long mixed = ((((long) seed << 32) | index) + kind.hashCode()) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** The number that undoes a multiplication with {@code odd}, by Newton's iteration. */
    private static int inverse(int odd) {
        int inverse = odd;
        for (int bits = 3; bits < 32; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    private static List<Instant> joined(List<Instant> before, List<Instant> next) {
        List<Instant> joined = new ArrayList<>(before);
        joined.addAll(next);
        return List.copyOf(joined);
    }
}
