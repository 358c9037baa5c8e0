package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.console.Console;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The console of the real service, as a person meets it: in a real browser, against the simulator. */
class ConsoleInBrowserTest {

    private static final List<String> PAGES = List.of(
            "/",
            "/batches",
            "/batches/held",
            "/batches/held/approve",
            "/batches/held/cancel",
            "/batches/mixed",
            "/resume",
            "/submit",
            "/dead-letters",
            "/in-doubt",
            "/devices?find=",
            "/audit",
            "/doctor");

    @TempDir
    Path folder;

    private Stage stage;
    private Service service;
    private Console console;
    private ServiceLock lock;
    private Chromium chromium;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder)
                .set("deprovision.guard.max-per-batch", "3")
                .set("deprovision.console.listen", "127.0.0.1:0");
        Configuration configuration = stage.configuration();
        lock = ServiceLock.acquireOrRefuse(stage.data);
        service = Service.start(configuration);
        console = Console.start(configuration, this::reader, service::figures).orElseThrow();
        chromium = Chromium.at("http://127.0.0.1:" + console.port());
    }

    private SettingsReader reader(Map<String, String> program) {
        Map<String, String> all = new TreeMap<>(stage.settings());
        all.putAll(program);
        return SettingsReader.ofDefaults(Stage.home(), all);
    }

    @AfterEach
    void stop() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        console.close();
        service.close();
        lock.close();
        stage.close();
    }

    private void signIn() throws Exception {
        chromium.signIn(Files.readString(stage.data.resolve("console/password")).strip());
        chromium.awaitText("Nothing was handed over yet");
    }

    private Path file(List<ManagedDevice> devices) throws Exception {
        StringBuilder rows = new StringBuilder(Stage.HEADER);
        devices.forEach(device -> rows.append('\n').append(Stage.row(device)));
        return Files.writeString(folder.resolve("leavers.csv"), rows.append('\n'));
    }

    @Test
    void aFileGoesFromItsPlanThroughApprovalToItsEnd() throws Exception {
        List<ManagedDevice> devices = stage.next(5);
        signIn();
        chromium.open("/submit");
        chromium.find("input[type=file]").sendKeys(file(devices).toString());
        chromium.follow("Make the plan");
        chromium.awaitText("Nothing is handed over yet");
        assertThat(chromium.text())
                .contains(
                        "would be held until somebody approves", devices.get(0).deviceName(), "factory reset");
        assertThat(stage.ledger().batches().all()).isEmpty();

        chromium.follow("Submit exactly this");
        chromium.awaitText("Handed over as the batch 'leavers'");
        chromium.awaitText("5 rows are held"); // live: the page is not loaded again
        chromium.click("Look at what is held");
        chromium.awaitText("It cannot be undone from afar");

        chromium.find("#devices").sendKeys("4");
        chromium.click("Approve");
        chromium.awaitText("not the number of devices");
        chromium.find("#devices").sendKeys("5");
        chromium.click("Approve");
        chromium.awaitText("Released: 5 devices");
        chromium.awaitText("all went well"); // live, too
        assertThat(stage.executed(devices)).isEqualTo(5);

        chromium.open("/devices?find=" + devices.get(0).serialNumber());
        assertThat(chromium.text()).contains("deprovisioned", "handed over by console password", "Graph answered 204");
        assertThat(chromium.find("time").getText()).contains(" UTC)"); // the reader's own time, the UTC beside it
        chromium.open("/audit");
        chromium.click("Follow the chain");
        chromium.awaitText("Whole: ");
        chromium.open("/doctor");
        chromium.click("Look at everything now");
        chromium.awaitText("permissions");
        assertThat(chromium.messages().stream().filter(message -> !message.contains("409")))
                .isEmpty();
    }

    @Test
    void everyPageIsFitForAllEyesAndAPhone() throws Exception {
        stage.submit("held", stage.next(4));
        stage.until("held", batch -> batch.in(org.deprovisioner.ledger.State.HELD) == 4);
        stage.submit(
                "mixed",
                Stage.HEADER + "\n" + Stage.row(stage.next())
                        + "\nnonsense,x\n00000000-0000-4000-8000-00000000dead,x\n");
        stage.settled("mixed", 3);
        stage.ledger()
                .pauses()
                .pause(
                        "*",
                        org.deprovisioner.ledger.Pause.EndsBy.RESUME,
                        "operator",
                        "Paused by ada.",
                        "Resume it.",
                        "ada");
        chromium.open("/sign-in");
        assertThat(chromium.faults()).isEmpty();
        chromium.signIn(Files.readString(stage.data.resolve("console/password")).strip());
        chromium.awaitText("Sending is paused");
        for (boolean dark : List.of(false, true)) {
            chromium.dark(dark);
            for (String page : PAGES) {
                chromium.size(1200, 900);
                chromium.open(page);
                assertThat(chromium.faults())
                        .as(page + (dark ? " dark" : " light"))
                        .isEmpty();
                chromium.size(360, 740);
                assertThat(chromium.tooWide()).as(page + " at 360 px").isZero();
            }
        }
        chromium.hasNoMessage();
    }

    @Test
    void allOfItWorksByKeyboardAlone() throws Exception {
        stage.submit("held", stage.next(4));
        stage.until("held", batch -> batch.in(org.deprovisioner.ledger.State.HELD) == 4);
        chromium.signIn(Files.readString(stage.data.resolve("console/password")).strip());
        chromium.awaitText("4 rows of 'held'");
        chromium.open("/");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("To the content");
        press(Keys.ENTER);
        tabTo("Look at it, and approve or cancel");
        press(Keys.ENTER);
        chromium.awaitText("It cannot be undone");
        tabToField("devices");
        press("4");
        tabTo("Approve");
        press(Keys.ENTER);
        chromium.awaitText("Released: 4 devices");
    }

    @Test
    void allOfItWorksWithoutScript() throws Exception {
        stage.submit("held", stage.next(4));
        stage.until("held", batch -> batch.in(org.deprovisioner.ledger.State.HELD) == 4);
        chromium.withoutScript();
        chromium.signIn(Files.readString(stage.data.resolve("console/password")).strip());
        chromium.open("/submit");
        chromium.find("#rows").sendKeys(Stage.HEADER + "\n" + Stage.row(stage.next()));
        chromium.follow("Make the plan");
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> {
                    chromium.driver().navigate().refresh();
                    return chromium.text().contains("Nothing is handed over yet");
                });
        chromium.follow("Submit exactly this");
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> {
                    chromium.driver().navigate().refresh();
                    return chromium.text().contains("all went well");
                });
        chromium.open("/batches/held/cancel");
        chromium.find("#name").sendKeys("held");
        chromium.click("Cancel the batch");
        chromium.awaitText("Cancelled: 4 rows");
        chromium.open("/");
        chromium.driver().findElement(By.cssSelector(".brake")).click();
        chromium.awaitText("Sending is paused for every tenant");
    }

    private void press(CharSequence keys) {
        new Actions(chromium.driver()).sendKeys(keys).perform();
    }

    private String focused() {
        return chromium.driver().switchTo().activeElement().getText();
    }

    private void tabTo(String words) {
        for (int tabs = 0; tabs < 60 && !focused().equals(words); tabs++) {
            press(Keys.TAB);
        }
        assertThat(focused()).isEqualTo(words);
    }

    private void tabToField(String id) {
        for (int tabs = 0;
                tabs < 60
                        && !id.equals(
                                chromium.driver().switchTo().activeElement().getDomAttribute("id"));
                tabs++) {
            press(Keys.TAB);
        }
    }
}
