package org.deprovisioner.graph;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority made for one test, and the servers it vouches for. */
public final class Certificates {

    private static final char[] NO_PASSWORD = new char[0];

    private final KeyPair authority = keys();
    private final X509Certificate root;

    public Certificates() {
        root = signed("CN=Test authority", authority, null, Duration.ofDays(1));
    }

    /** The authority as a PEM file in this folder. */
    public Path caFile(Path folder) throws IOException {
        try {
            String base64 = Base64.getMimeEncoder().encodeToString(root.getEncoded());
            return Files.writeString(
                    folder.resolve("ca.pem"),
                    "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The TLS of a server whose certificate is made out to this name. */
    public SSLContext server(String host) {
        return server(host, Duration.ofDays(1));
    }

    /** The same, whose certificate ends after this time; before now when that is negative. */
    public SSLContext server(String host, Duration life) {
        KeyPair keys = keys();
        return server(keys, signed("CN=" + host, keys, host, life), root);
    }

    /** The TLS of a server for whom nobody vouches but itself. */
    public static SSLContext selfSigned(String host) {
        KeyPair keys = keys();
        return server(keys, signed("CN=" + host, keys, host, Duration.ofDays(1), "CN=" + host, keys));
    }

    /** A key store for a server whose certificate is made out to this name, for programs that want a file. */
    public Path keyStore(Path folder, String host, String password) throws IOException, GeneralSecurityException {
        KeyPair keys = keys();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), password.toCharArray(), new Certificate[] {
            signed("CN=" + host, keys, host, Duration.ofDays(1)), root
        });
        Path file = folder.resolve("server.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    private static SSLContext server(KeyPair keys, Certificate... chain) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", keys.getPrivate(), NO_PASSWORD, chain);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate signed(String subject, KeyPair keys, String host, Duration life) {
        return signed(subject, keys, host, life, "CN=Test authority", authority);
    }

    private static X509Certificate signed(
            String subject, KeyPair keys, String host, Duration life, String issuer, KeyPair signer) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(now.minus(Duration.ofDays(2))),
                    Date.from(now.plus(life)),
                    new X500Name(subject),
                    keys.getPublic());
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(host == null));
            if (host != null) {
                int kind = Character.isDigit(host.charAt(0)) ? GeneralName.iPAddress : GeneralName.dNSName;
                certificate.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, host)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(certificate.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
