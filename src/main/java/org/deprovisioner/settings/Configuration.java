package org.deprovisioner.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The settings as they were read, and what Camel and the logging want to know of them.
 *
 * @param folder the folder of {@code application.properties}
 * @param placeholders every set {@code deprovision.*} key with its effective value, paths made absolute, without secrets
 * @param others what else stands in the file, untouched: {@code camel.*} and the placeholders of a user's own routes
 * @param warnings what does not stop the start but should be said, a line each
 */
public record Configuration(
        Settings settings,
        Path folder,
        Map<String, String> placeholders,
        Map<String, String> others,
        List<String> warnings) {

    /** In every form in which Camel would find an environment variable of ours. */
    private static final Pattern GROUP = Pattern.compile("(?i:deprovision)([._-]|(?<=n)[A-Z])");

    /** Whether a placeholder of this name is for the settings alone: it stands for what they have, or for nothing. */
    public boolean isOurs(String name) {
        return KnownSettings.isKey(name) || GROUP.matcher(name).lookingAt();
    }
}
