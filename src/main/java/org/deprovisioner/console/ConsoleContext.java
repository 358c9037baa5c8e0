package org.deprovisioner.console;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;

/**
 * What pages, actions and the API work with. The ledger is opened for the console alone, beside the service as a command
 * opens it: its readers take no connection of dispatch, and an action writes as its command does.
 *
 * @param readers reads the settings again, with some that are set by the program
 * @param folder {@code data/console}, for the service's user alone
 */
record ConsoleContext(
        Configuration configuration,
        Function<Map<String, String>, SettingsReader> readers,
        Ledger ledger,
        Path folder,
        Clock clock) {

    Settings settings() {
        return configuration.settings();
    }
}
