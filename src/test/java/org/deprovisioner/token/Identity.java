package org.deprovisioner.token;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The key of an app, and the certificate for it that ends tomorrow. */
public record Identity(KeyPair keys, X509Certificate certificate) {

    public static Identity made(String subject) {
        KeyPair keys = newKeys();
        return made(subject, keys, subject, keys);
    }

    /** One whose certificate another vouches for. */
    static Identity issued(String subject, Identity issuer) {
        String name = issuer.certificate().getSubjectX500Principal().getName();
        return made(subject, newKeys(), name, issuer.keys());
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Identity made(String subject, KeyPair keys, String issuer, KeyPair issuerKeys) {
        try {
            Instant now = Instant.now();
            return new Identity(
                    keys,
                    new JcaX509CertificateConverter()
                            .getCertificate(new JcaX509v3CertificateBuilder(
                                            new X500Name(issuer),
                                            BigInteger.ONE,
                                            Date.from(now.minusSeconds(60)),
                                            Date.from(now.plusSeconds(86_400)),
                                            new X500Name(subject),
                                            keys.getPublic())
                                    .build(new JcaContentSignerBuilder("SHA256withRSA")
                                            .build(issuerKeys.getPrivate()))));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Both as a PEM file, the key locked unless the password is empty. */
    public Path pem(Path file, String password) throws Exception {
        JceOpenSSLPKCS8EncryptorBuilder lock = new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC);
        Object key = password.isEmpty()
                ? new JcaPKCS8Generator(keys.getPrivate(), null)
                : new JcaPKCS8Generator(
                        keys.getPrivate(),
                        lock.setProvider(new BouncyCastleProvider())
                                .setPassword(password.toCharArray())
                                .build());
        return Files.writeString(file, pem(certificate) + pem(key));
    }

    /** Both as a PFX file. */
    public Path pfx(Path file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("app", keys.getPrivate(), password.toCharArray(), new Certificate[] {certificate});
        try (var out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    static String pem(Object part) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(part);
        }
        return text.toString();
    }
}
