package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser, where this machine has one: Chromium with its driver, as Debian's packages install them. */
final class Chromium implements AutoCloseable {

    /** With {@code -Dconsole.browser=required} it is a failure that there is none. */
    private static final String REQUIRED = "console.browser";

    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;
    private final String base;

    private Chromium(ChromeDriver driver, String base) {
        this.driver = driver;
        this.base = base;
    }

    /** Opens one; ends the test in one line where there is none. */
    static Chromium at(String base) {
        Optional<Path> browser =
                BROWSERS.stream().flatMap(name -> onPath(name).stream()).findFirst();
        Optional<Path> chromedriver = onPath("chromedriver");
        if (browser.isEmpty() || chromedriver.isEmpty()) {
            String none =
                    "Not run: there is no chromium with a chromedriver on the PATH (Debian: chromium, chromium-driver).";
            if ("required".equals(System.getProperty(REQUIRED))) {
                Assertions.fail(none);
            }
            Assumptions.abort(none);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(browser.orElseThrow().toFile())
                .addArguments(
                        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en-GB");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .withSilent(true)
                .build();
        Chromium chromium = new Chromium(new ChromeDriver(service, options), base);
        chromium.zone("Europe/Berlin");
        chromium.size(1200, 900);
        return chromium;
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    ChromeDriver driver() {
        return driver;
    }

    void open(String path) {
        driver.get(base + path);
    }

    void signIn(String password) {
        open("/sign-in");
        find("input[name=password]").sendKeys(password);
        follow("Sign in");
    }

    WebElement find(String selector) {
        return Awaitility.await(selector)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> driver.findElement(By.cssSelector(selector)), Objects::nonNull);
    }

    /** Clicks a link or button that says this. */
    void click(String words) {
        Awaitility.await(words).atMost(PATIENCE).ignoreExceptions().until(() -> {
            driver.findElement(By.xpath(
                            "//main//*[self::a or self::button][contains(normalize-space(), \"" + words + "\")]"))
                    .click();
            return true;
        });
    }

    /** Clicks what leads to another page, and waits for that: what is opened before takes its place. */
    void follow(String words) {
        WebElement page = find("html");
        click(words);
        Awaitility.await("the page behind " + words).atMost(PATIENCE).until(() -> isGone(page));
        find("main");
    }

    private static boolean isGone(WebElement element) {
        try {
            element.isDisplayed();
            return false;
        } catch (StaleElementReferenceException gone) {
            return true;
        }
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    void awaitText(String words) {
        Awaitility.await(words).atMost(PATIENCE).ignoreExceptions().until(this::text, text -> text.contains(words));
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.manage().window().setSize(new Dimension(Math.max(width, 500), height));
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void zone(String zone) {
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    }

    void withoutScript() {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    }

    /** How much wider the page is than its window. */
    long tooWide() {
        return ((Number) Objects.requireNonNull(driver.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")))
                .longValue();
    }

    /** What axe-core finds of the page that is serious or worse, a line each. */
    List<String> faults() throws IOException {
        try (InputStream axe = Chromium.class.getResourceAsStream("/axe.min.js")) {
            driver.executeScript(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document).then((result) => done(result.violations
                  .filter((one) => one.impact === 'serious' || one.impact === 'critical')
                  .map((one) => one.id + ': ' + one.nodes.map((node) => node.html).slice(0, 3).join(' '))));
                """);
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(String::valueOf).toList();
    }

    /** What the browser's console was told since it was asked last. */
    List<String> messages() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    void hasNoMessage() {
        assertThat(messages()).isEmpty();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
