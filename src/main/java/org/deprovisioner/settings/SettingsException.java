package org.deprovisioner.settings;

import java.util.List;

/** The settings cannot be used: every problem in a line of its own, none of them showing a secret. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the settings: key, value, rule and remedy. */
    public List<String> problems() {
        return problems;
    }
}
