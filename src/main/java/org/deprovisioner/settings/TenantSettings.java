package org.deprovisioner.settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.settings.Source.Place;

/**
 * The settings of the named tenants, {@code deprovision.tenants.<name>.…}. Each stands in for one of all tenants, which
 * holds where a tenant does not say otherwise.
 */
final class TenantSettings {

    private static final String PREFIX = "deprovision.tenants.";
    private static final Pattern KEY = Pattern.compile("deprovision\\.tenants\\.([A-Za-z0-9][A-Za-z0-9_-]{0,63})\\..+");

    private static final Map<String, Setting<?>> FOR_ALL = new LinkedHashMap<>();

    static {
        FOR_ALL.put("tenant-id", KnownSettings.TENANT_ID);
        FOR_ALL.put("client-id", KnownSettings.CLIENT_ID);
        FOR_ALL.put("client-secret", KnownSettings.CLIENT_SECRET);
        FOR_ALL.put("certificate", KnownSettings.CERTIFICATE);
        FOR_ALL.put("certificate-password", KnownSettings.CERTIFICATE_PASSWORD);
        FOR_ALL.put("send-certificate-chain", KnownSettings.SEND_CHAIN);
        FOR_ALL.put("federated-token-file", KnownSettings.FEDERATED_TOKEN);
        FOR_ALL.put("auth", KnownSettings.AUTH);
        FOR_ALL.put("authority", KnownSettings.AUTHORITY);
        FOR_ALL.put("quota.requests", KnownSettings.WRITES);
        FOR_ALL.put("quota.window", KnownSettings.WINDOW);
        FOR_ALL.put("quota.reads", KnownSettings.READS);
    }

    private static final Pattern VARIABLE = Pattern.compile(
            "DEPROVISION_TENANTS_(.+?)_(?:" + asVariable(String.join("|", FOR_ALL.keySet())) + ")(?:_FILE)?");

    /** A name that is meant for a tenant, however it is written. */
    private static final Pattern ALIKE = Pattern.compile("(?i)deprovision[._-]tenants?[._-](.+[._-].+)");

    /** What differs in more letters is another word. */
    private static final int MOST_WRONG = 3;

    private final Set<String> names = new TreeSet<>();
    private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();

    /** The tenants that these sources name. */
    TenantSettings(Collection<Source> sources) {
        Set<String> variables = new TreeSet<>();
        for (Source source : sources) {
            if (source.place() == Place.ENVIRONMENT) {
                variables.addAll(named(source, VARIABLE));
            } else {
                named(source, KEY).forEach(this::add);
            }
        }
        for (String name : names) {
            variables.remove(asVariable(name));
        }
        for (String variable : variables) {
            add(variable.toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    /** The tenants that names of this pattern name. */
    private static Set<String> named(Source source, Pattern pattern) {
        Set<String> named = new TreeSet<>();
        for (String name : source.values().keySet()) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                named.add(matcher.group(1));
            }
        }
        return named;
    }

    private static String asVariable(String name) {
        return KnownSettings.TENANT_ID.as(name).variable();
    }

    private void add(String tenant) {
        if (names.add(tenant)) {
            FOR_ALL.forEach((name, forAll) -> {
                Setting<?> own = forAll.as(PREFIX + tenant + "." + name);
                byKey.put(own.key(), own);
                KnownSettings.find(forAll.inFile()).ifPresent(file -> byKey.put(own.inFile(), file.as(own.inFile())));
            });
        }
    }

    /**
     * What a name of a tenant's setting that there is not should have been, as it is written in such a place; empty when it
     * is like none.
     */
    static Optional<String> nearest(String name, Place place) {
        boolean variable = place == Place.ENVIRONMENT;
        Matcher parts = ALIKE.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String[] words = parts.group(1).split("[._-]");
        int best = MOST_WRONG + 1;
        String nearest = "";
        for (int of = 1; of < words.length; of++) {
            String own = KnownSettings.letters(String.join("", List.of(words).subList(of, words.length)));
            for (String key : FOR_ALL.keySet()) {
                int distance = KnownSettings.distance(own, KnownSettings.letters(key));
                if (distance < best) {
                    best = distance;
                    String tenant =
                            String.join(variable ? "_" : "-", List.of(words).subList(0, of));
                    nearest = PREFIX + tenant + "." + key;
                }
            }
        }
        return Optional.of(nearest)
                .filter(found -> !found.isEmpty())
                .map(found -> variable ? asVariable(found) : found);
    }

    /** The names of the tenants. */
    Set<String> names() {
        return names;
    }

    /** Every setting of every tenant. */
    Collection<Setting<?>> all() {
        return byKey.values();
    }

    /** The setting with this key. */
    Optional<Setting<?>> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** What stands in for a setting of all tenants at this one. */
    <T> Setting<T> own(String tenant, Setting<T> forAll) {
        for (Map.Entry<String, Setting<?>> entry : FOR_ALL.entrySet()) {
            if (entry.getValue().equals(forAll)) {
                return forAll.as(PREFIX + tenant + "." + entry.getKey());
            }
        }
        throw new IllegalArgumentException(forAll.key() + " is none of a tenant's own.");
    }
}
