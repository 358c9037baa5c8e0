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
}
