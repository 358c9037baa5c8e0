package org.deprovisioner.settings;

import java.util.List;

/** What tests of other packages need to know of every setting. */
public final class AllSettings {

    private AllSettings() {}

    /** Their keys. */
    public static List<String> keys() {
        return KnownSettings.all().stream().map(Setting::key).toList();
    }

    /** The key of each that routes may refer to, by its default; an empty default where nothing need be set. */
    public static java.util.Map<String, String> standards() {
        var standards = new java.util.TreeMap<String, String>();
        KnownSettings.all().stream()
                .filter(setting -> !setting.secret() && !setting.credential())
                .forEach(setting -> standards.put(setting.key(), setting.standard()));
        return standards;
    }

    /** A setting as its reader needs to know it: its names, its default, and what its values must be. */
    public record Described(String key, String variable, String standard, String rule) {}

    /** Each of them, in the order in which the program lists them. */
    public static List<Described> described() {
        return KnownSettings.all().stream()
                .map(setting -> new Described(
                        setting.key(),
                        setting.variable(),
                        setting.standard(),
                        setting.kind().rule()))
                .toList();
    }
}
