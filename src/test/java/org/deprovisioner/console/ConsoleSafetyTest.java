package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.console.Browser.Answer;
import org.deprovisioner.service.ServiceFigures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSafetyTest {

    @TempDir
    static Path folder;

    private static ConsoleStage stage;

    @BeforeAll
    static void start() throws IOException {
        stage = ConsoleStage.in(folder)
                .set("deprovision.console.url", "https://console.example.com")
                .start();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sign-in", "/nowhere", "/health/live"})
    void everyAnswerHasTheHeadersThatKeepOthersOut(String path) {
        try (Browser browser = stage.browser()) {
            Answer answer = browser.get(path);
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe", "*");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Server")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "127.0.0.1.evil.example.com",
                "localhost.evil.example.com:8480",
                "169.254.169.254"
            })
    void aNameThatIsNotOursIsRefused(String host) {
        try (Browser browser = stage.browser()) {
            assertThat(browser.get("/sign-in", Map.of("Host", host)).status()).isEqualTo(421);
            assertThat(browser.get("/nowhere", Map.of("Host", host)).status()).isEqualTo(421);
        }
    }

    @Test
    void aPageThatHasGivenItsNameOurAddressReadsNoMetrics() {
        try (Browser browser = stage.browser()) {
            assertThat(browser.get("/metrics").status()).isEqualTo(200);
            assertThat(browser.get("/metrics", Map.of("Host", "evil.example.com"))
                            .status())
                    .isEqualTo(401);
            assertThat(browser.get("/health/live", Map.of("Host", "evil.example.com"))
                            .status())
                    .isNotEqualTo(421);
        }
    }

    @Test
    void aPageThatWasAskedForIsShownAsAWholeOnceSignedIn() throws IOException {
        try (Browser browser = stage.browser()) {
            String led = browser.get("/devices?q=5CD%26x").header("Location");
            assertThat(led).isEqualTo("/sign-in?to=%2Fdevices%3Fq%3D5CD%2526x");
            assertThat(browser.post("/sign-in", Map.of("password", stage.password(), "to", "/devices?q=5CD%26x"))
                            .header("Location"))
                    .isEqualTo("/devices?q=5CD%26x");
        }
    }

    @Test
    void aFileThatNobodyHandedOverIsNotFound() throws IOException {
        try (Browser browser = stage.signedIn()) {
            assertThat(browser.get("/handed-over/999999999").status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8480", "127.0.0.1", "[::1]:1", "CONSOLE.example.com"})
    void ourOwnNamesAreTaken(String host) {
        try (Browser browser = stage.browser()) {
            assertThat(browser.get("/sign-in", Map.of("Host", host)).status()).isEqualTo(200);
        }
    }

    @Test
    void aPageFromElsewhereCanNeitherActNorSignSomebodyIn() throws IOException {
        try (Browser browser = stage.signedIn()) {
            String csrf = browser.get("/").csrf();
            for (Map<String, String> origin : Stream.of(
                            Map.of("Origin", "https://evil.example.com"),
                            Map.of("Origin", "null"),
                            Map.of("Origin", "http://127.0.0.1:1"),
                            Map.<String, String>of())
                    .toList()) {
                assertThat(browser.post("/sign-out", Map.of("csrf", csrf), origin)
                                .status())
                        .isEqualTo(403);
                assertThat(browser.post("/sign-in", Map.of("password", stage.password()), origin)
                                .status())
                        .isEqualTo(403);
            }
            assertThat(browser.post("/sign-out", Map.of("csrf", "guessed")).status())
                    .isEqualTo(403);
            assertThat(browser.post("/sign-out", Map.of()).status()).isEqualTo(403);
            assertThat(browser.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void theCookieIsOfThisHostAloneWhereBrowsersComeOverTls() throws IOException {
        try (Browser browser = stage.browser()) {
            Answer overTls = browser.post(
                    "/sign-in",
                    Map.of("password", stage.password()),
                    Map.of("Host", "console.example.com", "Origin", "https://console.example.com"));
            assertThat(overTls.header("Set-Cookie"))
                    .startsWith("__Host-deprovisioner=")
                    .contains("Path=/", "HttpOnly", "SameSite=Strict", "Secure");
            assertThat(overTls.header("Strict-Transport-Security")).isNotEmpty();
            Answer plain = browser.post("/sign-in", Map.of("password", stage.password()));
            assertThat(plain.header("Set-Cookie"))
                    .startsWith("deprovisioner-http=")
                    .contains("HttpOnly", "SameSite=Strict")
                    .doesNotContain("Secure", "__Host-");
        }
    }

    @Test
    void aCookieDoesNotOpenTheApiAndAPasswordDoesNotOpenPages() throws IOException {
        try (Browser browser = stage.signedIn();
                Browser other = stage.browser()) {
            Map<String, String> bearer = Map.of("Authorization", "Bearer " + stage.password());
            assertThat(other.get("/", bearer).status()).isEqualTo(303);
            assertThat(browser.get("/api/v1/nothing").header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../console/password",
                "/%2e%2e/console/password",
                "/..%2fconsole%2fpassword",
                "/console/password",
                "/style.css/..%5c..%5cpassword",
                "/sign-in;x=y",
                "/sign-in/%00"
            })
    void noPathLeadsToAFile(String path) throws IOException {
        try (Browser browser = stage.signedIn()) {
            Answer answer = browser.get(path);
            assertThat(answer.status()).isBetween(400, 499);
            assertThat(answer.body()).doesNotContain(stage.password());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example.com",
                "https://evil.example.com",
                "/\\evil.example.com",
                "javascript:alert(1)",
                "/\r\nX: y"
            })
    void nobodyIsLedElsewhereOnceSignedIn(String to) throws IOException {
        try (Browser browser = stage.browser()) {
            Answer answer = browser.post("/sign-in", Map.of("password", stage.password(), "to", to));
            assertThat(answer.header("Location")).isEqualTo("/");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsNotRead() {
        try (Browser browser = stage.browser()) {
            Answer answer = browser.send(
                    "POST",
                    "/sign-in",
                    Map.of("Origin", browser.origin(), "Content-Type", "application/x-www-form-urlencoded"),
                    Optional.of("password=" + "x".repeat(100_000)));
            assertThat(answer.status()).isEqualTo(413);
        }
    }

    @Test
    void whatIsNoHttpGetsNoAnswerOfOurs() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.port())) {
            socket.getOutputStream().write("\u0016\u0003\u0001 no http\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Jetty");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/v1/%zz HTTP/1.1", "GET /api/v1/status HTTP/1.1\r\nX: LONG"})
    void whatIsRefusedBeforeAPageIsAskedIsAProblemOfOurs(String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.port())) {
            String request =
                    head.replace("LONG", "x".repeat(20_000)) + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 4")
                    .contains("application/problem+json", "\"remedy\"", "X-Content-Type-Options: nosniff")
                    .doesNotContainIgnoringCase("jetty")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aMethodThatIsNotTakenIsToldWhichAre() throws IOException {
        try (Browser browser = stage.signedIn()) {
            Answer answer = browser.send("DELETE", "/sign-in", Map.of(), Optional.empty());
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("GET").contains("POST");
        }
    }

    @Test
    void aFormWithoutABoundaryCannotBeRead() throws IOException {
        try (Browser browser = stage.signedIn()) {
            Answer answer = browser.send(
                    "POST",
                    "/submit",
                    Map.of("Origin", browser.origin(), "Content-Type", "multipart/form-data"),
                    Optional.of("x"));
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void theFolderAndItsFilesAreForTheServicesUserAlone() throws IOException {
        Path console = stage.data().resolve("console");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(console)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(console.resolve("password"))))
                .isEqualTo("rw-------");
        assertThat(stage.password()).hasSizeGreaterThan(40);
    }

    @Test
    void theFileOfTheCommandOpensTheConsoleOnce() throws IOException {
        Path file = ConsoleFolder.opening(
                        stage.data(), ConsoleFolder.address(stage.data()).orElseThrow())
                .orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain(stage.password());
        String token = Files.readString(file).replaceAll("(?s).*name=\"token\" value=\"([^\"]+)\".*", "$1");
        try (Browser browser = stage.browser();
                Browser thief = stage.browser()) {
            Answer opened = browser.post("/sign-in/token", Map.of("token", token), Map.of("Origin", "null"));
            assertThat(opened.status()).isEqualTo(200);
            assertThat(opened.body()).contains("http-equiv=\"refresh\"");
            assertThat(browser.get("/").status()).isEqualTo(200);
            Answer again = thief.post("/sign-in/token", Map.of("token", token), Map.of("Origin", "null"));
            assertThat(again.status()).isEqualTo(403);
            assertThat(again.body()).contains("opened the console once");
            assertThat(thief.get("/").status()).isEqualTo(303);
        }
    }

    @Test
    void aPortThatIsTakenIsAWarningAndNoEnd(@TempDir Path other) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ConsoleStage without =
                    ConsoleStage.in(other).set("deprovision.console.listen", "127.0.0.1:" + taken.getLocalPort());
            assertThat(Console.start(without.configuration(), without::reader, ServiceFigures::none))
                    .isEmpty();
            assertThat(ConsoleFolder.address(without.data())).isEmpty();
        }
    }

    @Test
    void offMeansNoPortAndNoFolder(@TempDir Path other) throws IOException {
        ConsoleStage without = ConsoleStage.in(other).set("deprovision.console.listen", "off");
        assertThat(Console.start(without.configuration(), without::reader, ServiceFigures::none))
                .isEmpty();
        assertThat(without.data().resolve("console")).doesNotExist();
    }
}
