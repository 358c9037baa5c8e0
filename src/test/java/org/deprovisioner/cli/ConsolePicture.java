package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.console.Console;
import org.deprovisioner.ledger.State;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.OutputType;

/** Makes the picture of the console that the README shows; run by {@code .ci/screenshot} alone. */
class ConsolePicture {

    /** Where the picture goes. */
    private static final String PICTURE = "console.picture";

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try")
    void isMade() throws Exception {
        try (Stage stage = Stage.in(folder)
                .set("deprovision.guard.max-per-batch", "200")
                .set("deprovision.console.listen", "127.0.0.1:0")) {
            morning(stage);
            stage.set("deprovision.quota.requests", "200").set("deprovision.quota.window", "20s");
            try (ServiceLock lock = ServiceLock.acquireOrRefuse(stage.data);
                    Service service = Service.start(stage.configuration());
                    Console console = Console.start(
                                    stage.configuration(), program -> reader(stage, program), service::figures)
                            .orElseThrow();
                    Chromium chromium = Chromium.at("http://127.0.0.1:" + console.port())) {
                stage.submit("summer-returns", stage.next(190));
                stage.until("summer-returns", batch -> batch.in(State.DONE) > 40);
                chromium.size(1100, 860);
                chromium.signIn(
                        Files.readString(stage.data.resolve("console/password")).strip());
                chromium.awaitText("being deprovisioned");
                Files.write(
                        Path.of(System.getProperty(PICTURE, "target/console.png")),
                        chromium.driver().getScreenshotAs(OutputType.BYTES));
            }
        }
    }

    private static SettingsReader reader(Stage stage, Map<String, String> program) {
        Map<String, String> all = new TreeMap<>(stage.settings());
        all.putAll(program);
        return SettingsReader.ofDefaults(Stage.home(), all);
    }

    /** What was done before: its calls are spread over the minutes that they take at Graph's quota. */
    private static void morning(Stage stage) throws Exception {
        stage.start();
        stage.submit("cart-7-repairs", stage.next(120));
        stage.settled("cart-7-repairs", 120);
        stage.submit("lost-devices", rows(stage));
        stage.settled("lost-devices", 32);
        stage.submit("class-of-2026", stage.next(212));
        stage.until("class-of-2026", batch -> batch.in(State.HELD) == 212);
        stage.stop();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + stage.data.resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            long now = System.currentTimeMillis();
            statement.executeUpdate("update attempt set begun = " + (now - 700_000)
                    + " + id * 3300 + (id % 7) * 900, ended = " + (now - 699_000) + " + id * 3300 + (id % 7) * 900");
        }
    }

    private static String rows(Stage stage) throws IOException {
        StringBuilder rows = new StringBuilder(Stage.HEADER);
        stage.next(30).forEach(device -> rows.append('\n').append(Stage.row(device)));
        return rows.append("\n00000000-0000-4000-8000-00000000dead,lost\nCB-0042,lost\n")
                .toString();
    }
}
