package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls through a forward proxy that wants to know who is there. */
class ForwardProxyTest {

    private static final Certificates CERTIFICATES = new Certificates();

    @TempDir
    private Path folder;

    private TunnelProxy proxy;
    private RawServer graph;

    @BeforeEach
    void start() throws IOException {
        proxy = new TunnelProxy("jane", "p@ss:wörd");
        graph = RawServer.tls(CERTIFICATES.server("127.0.0.1"), RawServer.always(RawServer.json(200, "{}")));
    }

    @AfterEach
    void stop() throws IOException {
        graph.close();
        proxy.close();
    }

    private int call(String password, Set<String> except) throws IOException {
        return call(proxy.port(), Duration.ofSeconds(5), password, except);
    }

    private int call(int port, Duration timeout, String password, Set<String> except) throws IOException {
        Settings.Proxy settings =
                new Settings.Proxy("127.0.0.1", port, Optional.of("jane"), Optional.of(new Secret(password)), except);
        try (GraphHttp http = new GraphHttp(
                        new Settings.Graph(
                                graph.uri("/beta"),
                                timeout,
                                Optional.of(CERTIFICATES.caFile(folder)),
                                Optional.of(settings)),
                        1);
                var client = http.client()) {
            HttpPost post = new HttpPost(graph.uri("/beta/deprovision"));
            post.setHeader("Authorization", "Bearer token-1");
            return client.execute(post, answer -> answer.getCode());
        }
    }

    @Test
    void aCallGoesThroughATunnelAndTheProxySeesNoToken() throws Exception {
        assertThat(call("p@ss:wörd", Set.of())).isEqualTo(200);
        assertThat(proxy.tunnels).containsExactly("127.0.0.1:" + graph.uri("").getPort());
        assertThat(proxy.heads)
                .singleElement()
                .asString()
                .startsWith("CONNECT ")
                .doesNotContain("token-1", "/beta", "Bearer");
        assertThat(graph.requests)
                .singleElement()
                .asString()
                .contains("Authorization: Bearer token-1")
                .doesNotContainIgnoringCase("Proxy-");
    }

    @Test
    void aProxyThatRefusesIsNamedAndNothingWasSent() {
        Throwable refused = catchThrowable(() -> call("wrong", Set.of()));
        assertThat(GraphAnswer.of(refused)).isInstanceOfSatisfying(GraphAnswer.Unreachable.class, answer -> {
            assertThat(answer.fault()).isEqualTo(GraphAnswer.Fault.PROXY);
            assertThat(answer.reason()).contains("HTTPS_PROXY", "407", "password");
        });
        assertThat(proxy.heads).as("the proxy is asked once").hasSize(1);
        assertThat(graph.requests).isEmpty();
    }

    @Test
    @Timeout(60)
    void aTunnelThatIsNeverQuiteOpenIsGivenUpAtTheDeadlineAndNothingWasSent() throws IOException {
        try (RawServer slow = RawServer.plain(RawServer.drip("HTTP/1.1 200 OK\r\n", "X-Later: yes\r\n"))) {
            Throwable given =
                    catchThrowable(() -> call(slow.uri("").getPort(), Duration.ofSeconds(1), "p@ss:wörd", Set.of()));
            assertThat(GraphAnswer.of(given)).isInstanceOf(GraphAnswer.NotSent.class);
            assertThat(graph.requests).isEmpty();
        }
    }

    @Test
    void whatIsExceptedIsCalledDirectly() throws Exception {
        assertThat(call("wrong", Set.of("example.com", "127.0.0.1"))).isEqualTo(200);
        assertThat(proxy.heads).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "graph.microsoft.com, true",
        "GRAPH.microsoft.com, true",
        "microsoft.com, true",
        ".microsoft.com, true",
        "*.microsoft.com, true",
        "graph.microsoft.com:443, true",
        "graph.microsoft.com:8443, false",
        "soft.com, false",
        "*, true",
        "login.microsoftonline.com, false"
    })
    void noProxyExceptsAHostWithAllBelowIt(String entry, boolean excepted) {
        ForwardProxy route = new ForwardProxy(
                new Settings.Proxy("proxy.example", 3128, Optional.empty(), Optional.empty(), Set.of(entry)));
        URI graphs = URI.create("https://graph.microsoft.com");
        HttpHost target = new HttpHost("https", graphs.getHost(), 443);
        assertThat(route.determineProxy(target, HttpCoreContext.create()) == null)
                .isEqualTo(excepted);
    }
}
