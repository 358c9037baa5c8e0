package org.deprovisioner.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What the stub shows where it speaks TLS: a certificate made for this run by the JDK's own keytool. */
record StubCertificate(Path store) {

    private static final String PASSWORD = "benchmark";

    static StubCertificate in(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("stub.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "stub", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "SAN=ip:127.0.0.1",
                "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString());
        try (Child keytool = Child.start(command, Map.of(), folder.resolve("keytool.log"), false)) {
            keytool.await(() -> {});
        }
        return new StubCertificate(store);
    }

    /** What the stub is started with. */
    List<String> arguments() {
        return List.of(store.toString(), PASSWORD);
    }

    /** Trusts it and no other. */
    SSLContext trust() throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** A file that trusts it, and what another file trusts. */
    Path trustedBeside(Path others) throws IOException, GeneralSecurityException {
        String own = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys().getCertificate("stub").getEncoded());
        return Files.writeString(
                store.resolveSibling("trusted.pem"),
                Files.readString(others, StandardCharsets.US_ASCII)
                        + "\n-----BEGIN CERTIFICATE-----\n" + own + "\n-----END CERTIFICATE-----\n");
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }
}
