package org.deprovisioner.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.service.ServiceFigures;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.SettingsReader;

/** The real console on a free port, over a ledger of its own, without a service. */
public final class ConsoleStage implements AutoCloseable {

    private final Path data;
    private final Map<String, String> settings = new TreeMap<>();
    private ServiceFigures figures = ServiceFigures.none();
    private Console console;
    private Ledger ledger;

    private ConsoleStage(Path folder) throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        Path protectedDevices = folder.resolve("protected-devices.csv");
        Files.writeString(protectedDevices, "id,serialNumber\n");
        settings.put("deprovision.data", data.toString());
        settings.put("deprovision.guard.protected", protectedDevices.toString());
        settings.put("deprovision.console.listen", "127.0.0.1:0");
        settings.put("AZURE_TENANT_ID", "00000000-0000-4000-8000-000000000001");
        settings.put("AZURE_CLIENT_ID", "00000000-0000-4000-8000-000000000002");
        settings.put("AZURE_CLIENT_SECRET", "not-a-secret");
    }

    static ConsoleStage in(Path folder) throws IOException {
        return new ConsoleStage(folder);
    }

    ConsoleStage set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** As if a service at work said this of itself. */
    ConsoleStage working(ServiceFigures now) {
        figures = now;
        return this;
    }

    Configuration configuration() {
        return reader(Map.of()).readWithCredentials();
    }

    SettingsReader reader(Map<String, String> program) {
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(program);
        return SettingsReader.ofDefaults(Path.of("").toAbsolutePath(), all);
    }

    ConsoleStage start() {
        Configuration configuration = configuration();
        ledger = Ledger.open(configuration.settings().ledgerDatabase(), java.time.Clock.systemUTC());
        console = Console.start(configuration, this::reader, () -> figures).orElseThrow();
        return this;
    }

    Path data() {
        return data;
    }

    Ledger ledger() {
        return ledger;
    }

    int port() {
        return console.port();
    }

    String password() throws IOException {
        return Files.readString(data.resolve("console/password")).strip();
    }

    /** A browser that nobody has signed in with. */
    Browser browser() {
        return Browser.at(
                (settings.containsKey("deprovision.console.tls.key") ? "https" : "http") + "://127.0.0.1:" + port());
    }

    /** A browser whose user has signed in by password. */
    Browser signedIn() throws IOException {
        Browser browser = browser();
        browser.post("/sign-in", Map.of("password", password()));
        return browser;
    }

    @Override
    public void close() {
        if (console != null) {
            console.close();
            ledger.close();
        }
    }
}
