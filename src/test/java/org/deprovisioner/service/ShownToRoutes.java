package org.deprovisioner.service;

import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.main.Main;
import org.deprovisioner.intake.IntakeConfiguration;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.AllSettings;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.SettingsReader;

/** A program that prints what routes see of each setting, and of a user's own, in the process that it is started in. */
public final class ShownToRoutes {

    private ShownToRoutes() {}

    /** Prints the settings of the installation in the folder that is the first argument. */
    public static void main(String[] arguments) throws Exception {
        Configuration configuration =
                SettingsReader.ofProcess(Path.of(arguments[0]), Map.of()).read();
        Main main = Placeholders.main(configuration, false);
        main.configure().setBasePackageScanEnabled(false);
        main.configure().setJmxEnabled(false);
        try (Ledger ledger = Ledger.open(configuration.settings().ledgerDatabase(), Clock.systemUTC())) {
            main.configure()
                    .addConfiguration(new IntakeConfiguration(configuration.settings(), ledger, Clock.systemUTC()));
            main.start();
            CamelContext camel = main.getCamelContext();
            for (String key : AllSettings.keys()) {
                print(key, camel.resolvePropertyPlaceholders("{{" + key + ":(nothing)}}"));
            }
            print("my.own", camel.resolvePropertyPlaceholders("{{my.own:(nothing)}}"));
            print("settings.data", configuration.settings().data().toString());
            print(
                    "settings.dry-run",
                    String.valueOf(configuration.settings().requests().dryRun()));
            print("settings.mode", configuration.settings().pace().mode().toString());
            print("inbox", folder(camel, "data:inbox").toString());
            print("working", folder(camel, "data:inbox/.working").toString());
            main.stop();
        }
    }

    private static File folder(CamelContext camel, String uri) {
        return camel.getEndpoint(uri, FileEndpoint.class).getFile();
    }

    private static void print(String name, String value) {
        System.out.println("|" + name + "|" + value + "|");
    }
}
