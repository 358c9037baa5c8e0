package org.deprovisioner.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.TextFile;

/** What a server of ours shows to who connects: a certificate with those that vouch for it, and its key, from PEM files. */
public final class ServerCertificate {

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private ServerCertificate(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /**
     * Reads both files.
     *
     * @throws IOException when one cannot be read or used: it says which, why, and what to do
     */
    public static ServerCertificate read(Settings.Tls files) throws IOException {
        List<X509Certificate> chain = read(files.certificate()).certificates();
        if (chain.isEmpty()) {
            throw new IOException(
                    files.certificate() + " holds no certificate. Name a PEM file with the certificate first,"
                            + " then those that vouch for it.");
        }
        PrivateKey key = read(files.key())
                .key()
                .orElseThrow(() -> new IOException(
                        files.key() + " holds no private key. Name the PEM file with the certificate's key."));
        return new ServerCertificate(key, chain);
    }

    private static KeyAndCertificates read(Path file) throws IOException {
        try {
            return PemFile.read(
                    TextFile.pem(Files.readAllBytes(file))
                            .orElseThrow(() -> new UnusableCertificateException(
                                    "it is no PEM file", "Convert it: openssl x509 or openssl pkey, each with -out.")),
                    new char[0]);
        } catch (UnusableCertificateException unusable) {
            throw new IOException(
                    file + " cannot be used: " + unusable.getMessage() + ". " + unusable.remedy(), unusable);
        }
    }

    /**
     * As a key store without a password.
     *
     * @throws IOException when key and certificate are of different pairs
     */
    public KeyStore keyStore() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], chain.toArray(new Certificate[0]));
            return store;
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    "The console's certificate and key cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /** When it ends. */
    public Instant ends() {
        return chain.get(0).getNotAfter().toInstant();
    }
}
