package org.deprovisioner.graph;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.deprovisioner.settings.TextFile;
import org.jspecify.annotations.Nullable;

/** Whom we trust when we connect: the certificate authorities of the JDK, and those of {@code deprovision.tls.ca-file}. */
final class Trust {

    private Trust() {}

    /**
     * The TLS that trusts them.
     *
     * @param witness is shown the certificates of each server before they are judged
     * @throws IllegalArgumentException when the file cannot be read or holds no certificate; its message says what to do
     */
    static SSLContext context(Optional<Path> caFile, Consumer<List<X509Certificate>> witness) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int alias = 0;
            for (Certificate authority : authorities(caFile)) {
                store.setCertificateEntry("authority-" + alias++, authority);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] managers = Arrays.stream(managers(store))
                    .map(manager -> manager instanceof X509ExtendedTrustManager judge
                            ? new RecordingTrustManager(judge, witness)
                            : manager)
                    .toArray(TrustManager[]::new);
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The JDK's own trust store cannot be used: " + e.getMessage(), e);
        }
    }

    private static Iterable<Certificate> authorities(Optional<Path> caFile) throws GeneralSecurityException {
        Stream<X509Certificate> ours = Arrays.stream(managers(null))
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers()));
        return Stream.<Certificate>concat(ours, caFile.stream().flatMap(file -> read(file).stream()))
                .toList();
    }

    private static Collection<? extends Certificate> read(Path caFile) {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(TextFile.readPemOrBinary(caFile)));
            if (found.isEmpty()) {
                throw new GeneralSecurityException("it holds no certificate");
            }
            return found;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "deprovision.tls.ca-file=" + caFile + " cannot be used: " + e.getMessage()
                            + ". Name a PEM file of certificate authorities.",
                    e);
        }
    }

    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
