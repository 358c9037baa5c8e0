package org.deprovisioner.token;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.IClientCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.TextFile;

/**
 * The certificate that an app signs in with.
 *
 * @param chain its own certificate first, then those that vouch for it, each for the one before
 */
record AppCertificate(PrivateKey key, List<X509Certificate> chain) {

    /**
     * Reads a PEM file with certificate and private key, or a PFX file.
     *
     * @throws UnusableCertificateException when it cannot be used; it says why and what to do, and shows nothing of it
     * @throws IOException when it cannot be read
     */
    static AppCertificate read(Credential.ClientCertificate settings) throws IOException {
        byte[] bytes = Files.readAllBytes(settings.file());
        char[] password = settings.password()
                .map(SecretReference::now)
                .map(secret -> secret.value().toCharArray())
                .orElse(new char[0]);
        Optional<String> pem = TextFile.pem(bytes);
        try {
            return of(pem.isPresent() ? PemFile.read(pem.get(), password) : PfxFile.read(bytes, password));
        } catch (UnusableCertificateException unusable) {
            throw new UnusableCertificateException(
                    settings.file() + " cannot be used as a certificate: " + unusable.getMessage(), unusable.remedy());
        }
    }

    IClientCertificate forMsal() {
        return ClientCredentialFactory.createFromCertificateChain(key, chain);
    }

    private static AppCertificate of(KeyAndCertificates found) throws UnusableCertificateException {
        PrivateKey key = found.key()
                .orElseThrow(() -> new UnusableCertificateException(
                        "it holds no private key", "Put the private key into the same file, or name a PFX file."));
        if (!(key instanceof RSAPrivateCrtKey rsa)) {
            throw new UnusableCertificateException(
                    "its key is of the kind " + key.getAlgorithm() + ", and Entra takes RSA alone",
                    "Make a certificate with an RSA key, and upload it to the app registration.");
        }
        if (found.certificates().isEmpty()) {
            throw new UnusableCertificateException(
                    "it holds a private key, but no certificate", "Put the certificate into the same file.");
        }
        X509Certificate own = found.certificates().stream()
                .filter(certificate -> certificate.getPublicKey() instanceof RSAPublicKey its
                        && its.getModulus().equals(rsa.getModulus()))
                .findFirst()
                .orElseThrow(() -> new UnusableCertificateException(
                        "it holds no certificate for its private key: they are of different pairs",
                        "Put the certificate and the key that belong together into the file."));
        return new AppCertificate(rsa, chain(own, found.certificates()));
    }

    private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        for (Optional<X509Certificate> next = Optional.of(own); next.isPresent(); ) {
            X509Certificate last = next.get();
            next = certificates.stream()
                    .filter(certificate -> !chain.contains(certificate)
                            && certificate.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                    .findFirst();
            next.ifPresent(chain::add);
        }
        return List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "AppCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
