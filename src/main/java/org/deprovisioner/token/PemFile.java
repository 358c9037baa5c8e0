package org.deprovisioner.token;

import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.EncryptionException;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/** A PEM file: the key of an app, plain or locked by a password in either of OpenSSL's ways, and certificates. */
final class PemFile {

    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern PART = Pattern.compile(
            "-----BEGIN (?<kind>[A-Z0-9 ]+)-----[^-]*+(?:-(?!----END )[^-]*+)*+-----END \\k<kind>-----");
    private static final Set<String> KEYS =
            Set.of("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY");
    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

    static final BouncyCastleProvider CIPHERS = new BouncyCastleProvider();

    private static final String ANEW = "Export certificate and key again.";

    private final char[] password;
    private final Set<PrivateKey> keys = new LinkedHashSet<>();
    private final List<X509Certificate> certificates = new ArrayList<>();

    private PemFile(char[] password) {
        this.password = password;
    }

    /** @throws UnusableCertificateException when a part of it cannot be read, or it holds several keys */
    static KeyAndCertificates read(String text, char[] password) throws IOException {
        PemFile file = new PemFile(password);
        int parts = 0;
        for (Matcher part = PART.matcher(text); part.find(); parts++) {
            file.take(part.group("kind"), part.group());
        }
        if (parts < text.split(BEGIN, -1).length - 1) {
            throw new UnusableCertificateException("a part of it has no end: it was cut off, or is damaged", ANEW);
        }
        if (file.keys.size() > 1) {
            throw KeyAndCertificates.severalKeys(file.keys.size(), "");
        }
        return new KeyAndCertificates(file.keys.stream().findFirst(), List.copyOf(file.certificates));
    }

    private void take(String kind, String part) throws IOException {
        if (kind.equals("OPENSSH PRIVATE KEY")) {
            throw new UnusableCertificateException(
                    "its key is in the form of OpenSSH", "Convert a copy of it: ssh-keygen -p -m PEM -f KEYFILE");
        } else if (KEYS.contains(kind)) {
            keys.add(key(part));
        } else if (CERTIFICATES.contains(kind)) {
            certificates.add(certificate(part));
        } else if (kind.endsWith("PRIVATE KEY")) {
            throw new UnusableCertificateException(
                    "it holds a part of the kind " + kind + ", which is not read",
                    "Convert the key: openssl pkcs8 -topk8");
        }
    }

    private static X509Certificate certificate(String part) throws UnusableCertificateException {
        try {
            Object found = parsed(part);
            X509CertificateHolder holder = found instanceof X509TrustedCertificateBlock trusted
                    ? trusted.getCertificateHolder()
                    : (X509CertificateHolder) found;
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (IOException | CertificateException | RuntimeException damaged) {
            throw new UnusableCertificateException("a certificate in it is damaged", ANEW);
        }
    }

    private PrivateKey key(String part) throws UnusableCertificateException {
        try {
            return new JcaPEMKeyConverter()
                    .setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC") // as the JDK calls it
                    .getPrivateKey(opened(parsed(part)));
        } catch (UnusableCertificateException said) {
            throw said;
        } catch (IOException | RuntimeException damaged) {
            throw new UnusableCertificateException(
                    "its private key is damaged, or of a kind that is not read",
                    "Export certificate and key again, or convert the key: openssl pkcs8 -topk8");
        }
    }

    private PrivateKeyInfo opened(Object key) throws UnusableCertificateException {
        if (key instanceof PEMEncryptedKeyPair locked) {
            return opened(locked).getPrivateKeyInfo();
        } else if (key instanceof PKCS8EncryptedPrivateKeyInfo locked) {
            return opened(locked);
        }
        return key instanceof PEMKeyPair plain ? plain.getPrivateKeyInfo() : (PrivateKeyInfo) key;
    }

    /** Locked in OpenSSL's older way, which stands in the head of the part: {@code Proc-Type: 4,ENCRYPTED}. */
    private PEMKeyPair opened(PEMEncryptedKeyPair locked) throws UnusableCertificateException {
        requirePassword();
        try {
            return locked.decryptKeyPair(
                    new JcePEMDecryptorProviderBuilder().setProvider(CIPHERS).build(password));
        } catch (EncryptionException e) {
            throw e.getCause() == null ? foreignLock() : wrongPassword();
        } catch (IOException | RuntimeException e) { // opened by a wrong password, the key is nonsense
            throw wrongPassword();
        }
    }

    private PrivateKeyInfo opened(PKCS8EncryptedPrivateKeyInfo locked) throws UnusableCertificateException {
        requirePassword();
        try {
            return locked.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(CIPHERS)
                    .build(password));
        } catch (PKCSException e) {
            throw e.getCause() instanceof OperatorCreationException ? foreignLock() : wrongPassword();
        } catch (OperatorCreationException e) {
            throw foreignLock();
        } catch (RuntimeException e) {
            throw wrongPassword();
        }
    }

    private void requirePassword() throws UnusableCertificateException {
        if (password.length == 0) {
            throw new UnusableCertificateException(
                    "its private key is encrypted with a password, and none is set",
                    "Set AZURE_CLIENT_CERTIFICATE_PASSWORD, or AZURE_CLIENT_CERTIFICATE_PASSWORD_FILE.");
        }
    }

    private static UnusableCertificateException wrongPassword() {
        return new UnusableCertificateException(
                "the password does not open its private key",
                "Correct AZURE_CLIENT_CERTIFICATE_PASSWORD, or what its file holds.");
    }

    private static UnusableCertificateException foreignLock() {
        return new UnusableCertificateException(
                "its private key is encrypted in a way that is not supported",
                "Encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc");
    }

    private static Object parsed(String part) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(part))) {
            return Optional.ofNullable(parser.readObject()).orElseThrow(() -> new IOException("nothing"));
        }
    }
}
