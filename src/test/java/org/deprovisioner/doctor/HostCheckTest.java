package org.deprovisioner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.deprovisioner.doctor.Remark.Level;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.graph.TunnelProxy;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a host, against servers with whom something is wrong. */
class HostCheckTest {

    private static final Certificates OURS = new Certificates();

    @TempDir
    private Path folder;

    private List<Remark> look(SSLContext tls, Duration off, Optional<Settings.Proxy> proxy) throws IOException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minus(off));
        try (RawServer server = RawServer.tls(tls, RawServer.always(RawServer.json(404, "{}", "Date: " + date)))) {
            return look(server.uri("/"), proxy);
        }
    }

    private List<Remark> look(URI host, Optional<Settings.Proxy> proxy) throws IOException {
        Settings.Graph graph = new Settings.Graph(host, Duration.ofSeconds(5), Optional.of(OURS.caFile(folder)), proxy);
        try (DiagnosticClient visit = new DiagnosticClient(graph, Clock.systemUTC())) {
            return new HostCheck(visit, host).look();
        }
    }

    private static Remark one(List<Remark> remarks, String check) {
        return remarks.stream()
                .filter(remark -> remark.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aHostInOrderIsNamedTrustedAndOnTime() throws Exception {
        List<Remark> remarks = look(OURS.server("127.0.0.1"), Duration.ZERO, Optional.empty());
        assertThat(remarks).extracting(Remark::check).containsExactly("dns", "tls", "clock");
        assertThat(remarks).extracting(Remark::level).containsOnly(Level.OK);
    }

    @Test
    void aStrangerWithTheRightNameIsRefusedAndItsIssuerIsNamed() throws Exception {
        Remark tls = one(look(new Certificates().server("127.0.0.1"), Duration.ZERO, Optional.empty()), "tls");
        assertThat(tls.level()).isEqualTo(Level.UNREACHABLE);
        assertThat(tls.words()).contains("the chain ends with the issuer 'CN=Test authority'");
        assertThat(tls.remedy()).contains("deprovision.tls.ca-file");
    }

    @Test
    void aServerForWhomNobodyVouchesButItselfIsRefused() throws Exception {
        Remark tls = one(look(Certificates.selfSigned("127.0.0.1"), Duration.ZERO, Optional.empty()), "tls");
        assertThat(tls.level()).isEqualTo(Level.UNREACHABLE);
        assertThat(tls.words()).contains("issued by itself alone (self-signed)", "CN=127.0.0.1");
    }

    @Test
    void theCertificateOfAnotherHostIsRefused() throws Exception {
        Remark tls = one(look(OURS.server("example.com"), Duration.ZERO, Optional.empty()), "tls");
        assertThat(tls.level()).isEqualTo(Level.UNREACHABLE);
        assertThat(tls.words()).contains("127.0.0.1", "CN=example.com");
    }

    @Test
    void aCertificateThatHasEndedIsRefused() throws Exception {
        Remark tls = one(look(OURS.server("127.0.0.1", Duration.ofHours(-1)), Duration.ZERO, Optional.empty()), "tls");
        assertThat(tls.level()).isEqualTo(Level.UNREACHABLE);
        assertThat(tls.remedy()).contains("not valid now", "clock");
    }

    @Test
    void aClockThatIsWrongIsFoundByTheServersOwn() throws Exception {
        Remark far = one(look(OURS.server("127.0.0.1"), Duration.ofMinutes(10), Optional.empty()), "clock");
        assertThat(far.level()).isEqualTo(Level.WRONG);
        assertThat(far.words()).containsPattern("differ by (600|60[1-9]|6[1-5]\\d) s");
        assertThat(one(look(OURS.server("127.0.0.1"), Duration.ofMinutes(-2), Optional.empty()), "clock")
                        .level())
                .isEqualTo(Level.WARNING);
    }

    @Test
    void aNameThatNobodyKnowsIsSaid() throws Exception {
        Remark dns = one(look(URI.create("https://graph.invalid/"), Optional.empty()), "dns");
        assertThat(dns.level()).isEqualTo(Level.UNREACHABLE);
    }

    @Test
    void aProxyIsNamedAsWhatOpensTheWayOrDoesNot() throws Exception {
        try (TunnelProxy proxy = new TunnelProxy("jane", "right")) {
            List<Remark> open = look(OURS.server("127.0.0.1"), Duration.ZERO, through(proxy, "right"));
            assertThat(one(open, "proxy").level()).isEqualTo(Level.OK);
            Remark shut = one(look(OURS.server("127.0.0.1"), Duration.ZERO, through(proxy, "wrong-one")), "proxy");
            assertThat(shut.level()).isEqualTo(Level.UNREACHABLE);
            assertThat(shut.words()).contains("407").doesNotContain("wrong-one");
        }
    }

    private static Optional<Settings.Proxy> through(TunnelProxy proxy, String password) {
        return Optional.of(new Settings.Proxy(
                "127.0.0.1", proxy.port(), Optional.of("jane"), Optional.of(new Secret(password)), java.util.Set.of()));
    }

    @Test
    void aShareIsKnownByItsFileSystemOrItsName() {
        assertThat(FoldersCheck.isShare(Path.of("/srv/data"), "nfs4")).isTrue();
        assertThat(FoldersCheck.isShare(Path.of("/srv/data"), "CIFS")).isTrue();
        assertThat(FoldersCheck.isShare(Path.of("\\\\server\\share\\data"), "NTFS"))
                .isTrue();
        assertThat(FoldersCheck.isShare(Path.of("/srv/data"), "ext4")).isFalse();
    }
}
