package org.deprovisioner.token;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.IClientCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.deprovisioner.settings.KeptSecret;
import org.deprovisioner.settings.Settings.Credential;

/**
 * The certificate that an app signs in with.
 *
 * @param chain its own certificate first, then those that vouch for it
 */
record AppCertificate(PrivateKey key, List<X509Certificate> chain) {

    /**
     * Reads a PEM file with certificate and private key, or a PFX file.
     *
     * @throws IOException when it cannot be used; its message says why, and shows nothing of it
     */
    static AppCertificate read(Credential.ClientCertificate settings) throws IOException {
        byte[] bytes = Files.readAllBytes(settings.file());
        char[] password = settings.password()
                .map(KeptSecret::now)
                .map(secret -> secret.value().toCharArray())
                .orElse(new char[0]);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        try {
            return text.contains("-----BEGIN ") ? pem(text, password) : pfx(bytes, password);
        } catch (GeneralSecurityException | OperatorCreationException | PKCSException | IOException e) {
            throw new Unusable(settings.file() + " cannot be used as a certificate (" + reason(e) + ")");
        }
    }

    IClientCertificate forMsal() {
        return ClientCredentialFactory.createFromCertificateChain(key, chain);
    }

    private static String reason(Exception failure) {
        return failure instanceof Unusable
                ? String.valueOf(failure.getMessage())
                : "its password, or the file, is wrong";
    }

    private static AppCertificate pfx(byte[] bytes, char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(bytes), password);
        for (String alias : Collections.list(store.aliases())) {
            if (store.getKey(alias, password) instanceof PrivateKey key) {
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate certificate : store.getCertificateChain(alias)) {
                    chain.add((X509Certificate) certificate);
                }
                return of(Optional.of(key), chain);
            }
        }
        throw new Unusable("it holds no private key");
    }

    private static AppCertificate pem(String text, char[] password)
            throws GeneralSecurityException, OperatorCreationException, PKCSException, IOException {
        Optional<PrivateKey> key = Optional.empty();
        List<X509Certificate> chain = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof X509CertificateHolder certificate) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(certificate));
                } else {
                    Optional<PrivateKey> found = key(part, password);
                    key = found.isPresent() ? found : key;
                }
            }
        }
        return of(key, chain);
    }

    private static Optional<PrivateKey> key(Object part, char[] password)
            throws OperatorCreationException, PKCSException, IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        if (part instanceof PrivateKeyInfo plain) {
            return Optional.of(converter.getPrivateKey(plain));
        } else if (part instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            return Optional.of(converter.getPrivateKey(
                    encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(password))));
        } else if (part instanceof PEMEncryptedKeyPair encrypted) {
            return Optional.of(converter
                    .getKeyPair(encrypted.decryptKeyPair(new JcePEMDecryptorProviderBuilder().build(password)))
                    .getPrivate());
        } else if (part instanceof PEMKeyPair plain) {
            return Optional.of(converter.getKeyPair(plain).getPrivate());
        }
        return Optional.empty();
    }

    private static AppCertificate of(Optional<PrivateKey> key, List<X509Certificate> found) throws Unusable {
        if (!(key.orElseThrow(() -> new Unusable("it holds no private key")) instanceof RSAPrivateCrtKey rsa)) {
            throw new Unusable("its key is not RSA, the only kind that Entra takes");
        }
        List<X509Certificate> chain = new ArrayList<>(found);
        X509Certificate own = chain.stream()
                .filter(certificate -> certificate.getPublicKey() instanceof RSAPublicKey its
                        && its.getModulus().equals(rsa.getModulus()))
                .findFirst()
                .orElseThrow(() -> new Unusable("it holds no certificate for its private key"));
        chain.remove(own);
        chain.add(0, own);
        return new AppCertificate(rsa, List.copyOf(chain));
    }

    @Override
    public String toString() {
        return "AppCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
    }

    /** What is wrong with the file, in words. */
    static final class Unusable extends IOException {

        Unusable(String why) {
            super(why);
        }
    }
}
