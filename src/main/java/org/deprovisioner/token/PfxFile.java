package org.deprovisioner.token;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A PFX file (PKCS#12): the key of an app with its certificates, locked by a password. */
final class PfxFile {

    private static final String KIND = "PKCS12";

    private static final String AS_PEM_OR_PFX =
            "Name a PEM file with certificate and private key, or a PFX file; base64 must be decoded first.";

    private PfxFile() {}

    /** @throws UnusableCertificateException when it is no such file, its password is another, or it holds several keys */
    static KeyAndCertificates read(byte[] bytes, char[] password) throws IOException {
        try {
            KeyStore store = opened(bytes, password);
            List<String> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() > 1) {
                Collections.sort(keys);
                throw KeyAndCertificates.severalKeys(keys.size(), " (" + String.join(", ", keys) + ")");
            }
            return keys.isEmpty()
                    ? new KeyAndCertificates(Optional.empty(), List.of())
                    : of(store, keys.get(0), password);
        } catch (UnusableCertificateException unusable) {
            throw unusable;
        } catch (IOException | GeneralSecurityException | RuntimeException unread) {
            throw unreadable(unread, bytes, password);
        }
    }

    /** The JDK takes an umlaut in a password for a wrong password; Bouncy Castle does not. */
    private static KeyStore opened(byte[] bytes, char[] password) throws IOException, GeneralSecurityException {
        try {
            return loaded(KeyStore.getInstance(KIND), bytes, password);
        } catch (IOException | GeneralSecurityException unread) {
            if (StandardCharsets.US_ASCII.newEncoder().canEncode(CharBuffer.wrap(password))) {
                throw unread;
            }
            try {
                return loaded(KeyStore.getInstance(KIND, PemFile.CIPHERS), bytes, password);
            } catch (IOException | GeneralSecurityException unreadToo) {
                throw unread;
            }
        }
    }

    private static KeyStore loaded(KeyStore store, byte[] bytes, char[] password)
            throws IOException, GeneralSecurityException {
        store.load(new ByteArrayInputStream(bytes), password);
        return store;
    }

    private static KeyAndCertificates of(KeyStore store, String alias, char[] password)
            throws GeneralSecurityException {
        Optional<Certificate[]> chain = Optional.ofNullable(store.getCertificateChain(alias));
        return new KeyAndCertificates(
                Optional.ofNullable(store.getKey(alias, password))
                        .filter(PrivateKey.class::isInstance)
                        .map(PrivateKey.class::cast),
                Arrays.stream(chain.orElse(new Certificate[0]))
                        .filter(X509Certificate.class::isInstance)
                        .map(X509Certificate.class::cast)
                        .toList());
    }

    private static UnusableCertificateException unreadable(Exception unread, byte[] bytes, char[] password) {
        if (unread instanceof UnrecoverableKeyException || unread.getCause() instanceof UnrecoverableKeyException) {
            return password.length == 0
                    ? new UnusableCertificateException(
                            "it is encrypted with a password, and none is set",
                            "Set AZURE_CLIENT_CERTIFICATE_PASSWORD, or AZURE_CLIENT_CERTIFICATE_PASSWORD_FILE.")
                    : new UnusableCertificateException(
                            "the password does not open it",
                            "Correct AZURE_CLIENT_CERTIFICATE_PASSWORD, or what its file holds.");
        }
        return isCertificate(bytes)
                ? new UnusableCertificateException("it is a certificate without a private key", AS_PEM_OR_PFX)
                : new UnusableCertificateException("it is neither a PEM file nor a PFX file", AS_PEM_OR_PFX);
    }

    private static boolean isCertificate(byte[] bytes) {
        try {
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
            return true;
        } catch (CertificateException other) {
            return false;
        }
    }
}
