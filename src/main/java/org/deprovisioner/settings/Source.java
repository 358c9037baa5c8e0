package org.deprovisioner.settings;

import java.util.Map;
import java.util.Optional;

/**
 * One place that settings are given in.
 *
 * @param words the place as a user is told of it
 * @param values what is given there, under the names that are used there
 */
record Source(Place place, String words, Map<String, String> values) {

    enum Place {
        PROGRAM,
        COMMAND_LINE,
        ENVIRONMENT,
        FILE
    }

    /** A value and where it was given. */
    record Given(Setting<?> setting, Source source, String value) {

        @Override
        public String toString() {
            return "%s=%s (%s)".formatted(setting.key(), setting.shown(value), source.wordsFor(setting));
        }
    }

    /** What is given here; a blank value counts as not given. */
    Optional<Given> find(Setting<?> setting) {
        String value = values.getOrDefault(nameOf(setting), "").strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(new Given(setting, this, value));
    }

    String nameOf(Setting<?> setting) {
        return place == Place.ENVIRONMENT ? setting.variable() : setting.key();
    }

    private String wordsFor(Setting<?> setting) {
        return place == Place.ENVIRONMENT ? setting.variable() + " in " + words : words;
    }
}
