package org.deprovisioner.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One setting of the contract.
 *
 * @param key its name in {@code application.properties}
 * @param standard its default, as a user would write it; empty when nothing need be set
 * @param secret whether its value must never be shown
 * @param credential whether it is looked at for calls of Graph alone, and no route may refer to it
 */
record Setting<T>(String key, String standard, SettingType<T> kind, boolean secret, boolean credential) {

    private static final Pattern USER_OF_URL = Pattern.compile("(?<=//)[^/@]*@");
    private static final Pattern SECRET_OF_URL = Pattern.compile("(?i)((?:pass|pwd|secret|token)\\w*=)[^&;]*");
    private static final String MASK = new Secret("").toString();

    /** Its name as an environment variable. */
    String variable() {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * The name of the setting that names a file with the value instead. Below {@code camel.} it is none of ours, as Camel
     * refuses there what it does not know.
     */
    String inFile() {
        return key.startsWith("AZURE_")
                ? key + "_FILE"
                : key.replace(KnownSettings.VAULT, "deprovision.vault.") + "-file";
    }

    /** The same setting under another key. */
    Setting<T> as(String other) {
        return new Setting<>(other, standard, kind, secret, credential);
    }

    /** How to get rid of a value that cannot be taken. */
    String remedy() {
        return standard.isEmpty() ? "Correct it or leave it out." : "Correct it or leave it out (" + standard + ").";
    }

    /** A value as a message may show it: in one line of bearable length, and never a secret. */
    String shown(String value) {
        String line = secret ? MASK : withoutSecrets(value).replaceAll("\\p{Cntrl}+", " ");
        return line.length() > 100 ? line.substring(0, 100) + "…" : line;
    }

    /** A value without what a URL may hold of users and secrets. */
    static String withoutSecrets(String value) {
        String userless = USER_OF_URL.matcher(value).replaceAll(MASK + "@");
        return SECRET_OF_URL.matcher(userless).replaceAll("$1" + MASK);
    }
}
