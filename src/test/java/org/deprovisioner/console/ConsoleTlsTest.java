package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.deprovisioner.console.Browser.Answer;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.token.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTlsTest {

    @TempDir
    Path folder;

    @Test
    void theConsoleIsServedOverTls() throws Exception {
        Path pem = Identity.made("CN=localhost").pem(folder.resolve("console.pem"), "");
        try (ConsoleStage stage = ConsoleStage.in(folder)
                        .set("deprovision.console.listen", "0.0.0.0:0")
                        .set("deprovision.console.tls.certificate", pem.toString())
                        .set("deprovision.console.tls.key", pem.toString())
                        .start();
                Browser browser = stage.browser()) {
            Answer signedIn = browser.post("/sign-in", Map.of("password", stage.password()));
            assertThat(signedIn.header("Set-Cookie")).startsWith("__Host-").contains("Secure");
            assertThat(browser.get("/").status()).isEqualTo(200);
            assertThat(ConsoleFolder.address(stage.data())).contains(URI.create("https://localhost:" + stage.port()));
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutANewStart() throws Exception {
        Path pem = Identity.made("CN=before").pem(folder.resolve("console.pem"), "");
        Settings.Console console = ConsoleStage.in(folder)
                .set("deprovision.console.tls.certificate", pem.toString())
                .set("deprovision.console.tls.key", pem.toString())
                .configuration()
                .settings()
                .console();
        try (ConsoleServer server = new ConsoleServer(console, "127.0.0.1:0")) {
            server.start(new org.eclipse.jetty.server.Handler.Abstract.NonBlocking() {
                @Override
                public boolean handle(
                        org.eclipse.jetty.server.Request request,
                        org.eclipse.jetty.server.Response response,
                        org.eclipse.jetty.util.Callback callback) {
                    return false;
                }
            });
            assertThat(shown(server.port())).isEqualTo("CN=before");
            Identity.made("CN=after").pem(pem, "");
            Files.setLastModifiedTime(pem, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
            server.renewCertificate();
            assertThat(shown(server.port())).isEqualTo("CN=after");
            Files.writeString(pem, "damaged");
            Files.setLastModifiedTime(pem, FileTime.fromMillis(System.currentTimeMillis() + 10_000));
            assertThatThrownBy(server::renewCertificate).hasMessageContaining(pem.toString());
            assertThat(shown(server.port())).isEqualTo("CN=after");
        }
    }

    private static String shown(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    /** For a look at what is shown, whoever vouches for it. */
    private static final class TrustsAll implements javax.net.ssl.X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void openToTheNetworkWithoutTlsIsRefusedInOneLine() throws IOException {
        for (String listen : new String[] {"0.0.0.0:8480", "[::]:8480", "192.0.2.1:8480", "console.example.com:8480"}) {
            ConsoleStage stage = ConsoleStage.in(folder).set("deprovision.console.listen", listen);
            assertThatThrownBy(stage::configuration).isInstanceOfSatisfying(SettingsException.class, refused -> {
                assertThat(refused.problems()).singleElement().asString().contains(listen, "needs TLS", "tls.key");
            });
        }
    }

    @Test
    void aKeyOfAnotherPairIsAWarningAndNoConsole() throws Exception {
        Path one = Identity.made("CN=one").pem(folder.resolve("one.pem"), "");
        ConsoleStage stage = ConsoleStage.in(folder)
                .set("deprovision.console.tls.certificate", one.toString())
                .set(
                        "deprovision.console.tls.key",
                        Files.writeString(folder.resolve("no.key"), "none").toString());
        assertThat(Console.start(stage.configuration(), stage::reader, org.deprovisioner.service.ServiceFigures::none))
                .isEmpty();
    }

    @Test
    void aBodyThatDripsIsCutOffAndHoldsNoThread() throws IOException {
        Settings.Console console =
                ConsoleStage.in(folder).configuration().settings().console();
        Sessions sessions = new Sessions(Clock.systemUTC());
        SignedIn signedIn = new SignedIn(sessions, new FailedSignIns(Clock.systemUTC(), sentence -> {}), person -> {});
        ExecutorService worker = Executors.newSingleThreadExecutor();
        Router router = new Router()
                .open("POST", "/take", request -> WebResponse.html("taken"))
                .open("GET", "/page", request -> WebResponse.html("page"));
        try (ConsoleServer server = new ConsoleServer(console, "127.0.0.1:0")) {
            server.start(new ConsoleHandler(
                    router,
                    new Gate(new Hosts(console), sessions, new Bearers(bearer -> Person.withPassword(), signedIn)),
                    new BodyReader(folder, Duration.ofMillis(300)),
                    folder,
                    worker,
                    worker));
            String origin = "http://127.0.0.1:" + server.port();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                    Browser other = Browser.at(origin)) {
                OutputStream out = socket.getOutputStream();
                out.write(("POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(other.get("/page").body()).isEqualTo("page");
                InputStream in = socket.getInputStream();
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 408")
                        .contains("did not arrive in time");
                assertThat(other.post("/take", Map.of("a", "b")).body()).isEqualTo("taken");
            }
        } finally {
            worker.shutdownNow();
        }
    }
}
