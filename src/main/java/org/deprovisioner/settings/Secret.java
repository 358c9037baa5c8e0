package org.deprovisioner.settings;

/** A value that must never be shown: it masks itself wherever it is printed. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "********";
    }
}
