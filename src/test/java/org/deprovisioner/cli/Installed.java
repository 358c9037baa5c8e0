package org.deprovisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The program as it is installed in a folder, and its commands as a user types them there. */
final class Installed {

    private final Path home;

    private Installed(Path home) {
        this.home = home;
    }

    /** How a command ended. */
    record Ended(int code, String out, String err) {

        String all() {
            return out + err;
        }
    }

    /** With our own logging and a list of protected devices that names none. */
    static Installed in(Path home) throws IOException {
        Path config = Files.createDirectories(home.resolve("config"));
        Files.copy(Path.of("config/logback.xml"), config.resolve("logback.xml"));
        Files.writeString(config.resolve("protected-devices.csv"), "id,serialNumber\n");
        Files.createDirectories(home.resolve("routes"));
        return new Installed(home);
    }

    /** With these settings in its file, and no others. */
    Installed with(Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (var writer = Files.newBufferedWriter(home.resolve("config/application.properties"))) {
            properties.store(writer, "");
        }
        return this;
    }

    Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Deprovisioner.commandLine(home)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
