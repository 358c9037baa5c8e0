package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings.Credential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificate files as openssl, Windows and their users write them. */
class AppCertificateTest {

    private static final String PASSWORD = "correct horse";
    private static final Identity ISSUER = Identity.made("CN=issuer");
    private static final Identity APP = Identity.issued("CN=app", ISSUER);
    private static final Identity OTHER = Identity.made("CN=other");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aPemFileIsReadInEachEncodingThatWindowsWrites(String encoding) throws Exception {
        String pem = (Identity.pem(APP.certificate()) + pkcs8(APP, "", null)).replace("\n", "\r\n");
        for (String mark : new String[] {"\uFEFF", ""}) {
            byte[] written = (mark + pem).getBytes(Charset.forName(encoding));
            assertThat(read(Files.write(folder.resolve("app.pem"), written), "").key())
                    .isEqualTo(APP.keys().getPrivate());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES-128-CBC", "AES-256-CBC", "DES-EDE3-CBC"})
    void aKeyThatIsLockedInTheOlderWayOfOpensslIsUsed(String cipher) throws Exception {
        Path file = pem(Identity.pem(APP.certificate()), pkcs1(APP.keys().getPrivate(), cipher));
        assertThat(Files.readString(file)).contains("Proc-Type: 4,ENCRYPTED", "DEK-Info: " + cipher);

        assertThat(read(file, PASSWORD).key()).isEqualTo(APP.keys().getPrivate());
        assertThat(refused(file, "wrong"))
                .hasMessageContaining("the password does not open its private key")
                .extracting(UnusableCertificateException::remedy)
                .asString()
                .contains("AZURE_CLIENT_CERTIFICATE_PASSWORD");
        assertThat(refused(file, "")).hasMessageContaining("encrypted with a password, and none is set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.16.840.1.101.3.4.1.42", "1.2.840.113549.3.7", "1.2.840.113549.1.12.1.3"})
    void aKeyThatIsLockedAsPkcs8IsUsed(String cipher) throws Exception {
        Path file = pem(pkcs8(APP, PASSWORD, new ASN1ObjectIdentifier(cipher)), Identity.pem(APP.certificate()));

        assertThat(read(file, PASSWORD).key()).isEqualTo(APP.keys().getPrivate());
        assertThat(refused(file, "wrong")).hasMessageContaining("the password does not open its private key");
        assertThat(refused(file, "")).hasMessageContaining("encrypted with a password, and none is set");
    }

    @Test
    void aLockOfAnUnknownKindIsNamedAndNotCalledAWrongPassword() throws Exception {
        String locked = pkcs1(APP.keys().getPrivate(), "AES-128-CBC").replace("AES-128-CBC", "CAMELLIA-128-CBC");
        UnusableCertificateException refused = refused(pem(Identity.pem(APP.certificate()), locked), PASSWORD);

        assertThat(refused).hasMessageContaining("encrypted in a way that is not supported");
        assertThat(refused.remedy()).contains("openssl pkcs8 -topk8");
    }

    @Test
    void anUnlockedKeyInTheOlderWayIsUsedWithAndWithoutAPassword() throws Exception {
        Path file = pem(Identity.pem(APP.keys().getPrivate()), Identity.pem(APP.certificate()));

        assertThat(read(file, "").key()).isEqualTo(APP.keys().getPrivate());
        assertThat(read(file, PASSWORD).key()).isEqualTo(APP.keys().getPrivate());
    }

    @Test
    void anEllipticKeyIsNamed() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        PrivateKey key = generator.generateKeyPair().getPrivate();
        for (String written : new String[] {Identity.pem(key), pkcs1(key, "AES-128-CBC")}) {
            assertThat(written).contains("BEGIN EC PRIVATE KEY");
            assertThat(refused(pem(Identity.pem(APP.certificate()), written), PASSWORD))
                    .hasMessageContaining("of the kind EC, and Entra takes RSA alone");
        }
    }

    @Test
    void aKeyOfOpensshIsNamed() throws Exception {
        UnusableCertificateException refused = refused(
                pem(
                        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
                        Identity.pem(APP.certificate())),
                "");
        assertThat(refused).hasMessageContaining("OpenSSH");
        assertThat(refused.remedy()).contains("ssh-keygen -p -m PEM");
    }

    @Test
    void whatIsMissingOrDoesNotBelongTogetherIsSaid() throws Exception {
        String certificate = Identity.pem(APP.certificate());
        String key = pkcs8(APP, "", null);
        assertThat(refused(pem(certificate), "")).hasMessageContaining("no private key");
        assertThat(refused(pem(key), "")).hasMessageContaining("but no certificate");
        assertThat(refused(pem(key, Identity.pem(OTHER.certificate())), ""))
                .hasMessageContaining("no certificate for its private key");
        assertThat(refused(pem(certificate, key.substring(0, key.length() / 2)), ""))
                .hasMessageContaining("has no end");
        assertThat(refused(pem(certificate.replaceFirst("[A-Za-z0-9]{40}", "AAAA"), key), ""))
                .hasMessageContaining("a certificate in it is damaged");
        assertThat(refused(pem(certificate, key.replaceFirst("M[A-Za-z0-9]{40}", "AAAA")), ""))
                .hasMessageContaining("its private key is damaged");
        assertThat(refused(
                        Files.write(folder.resolve("app.cer"), APP.certificate().getEncoded()), ""))
                .hasMessageContaining("a certificate without a private key");
        assertThat(refused(Files.writeString(folder.resolve("app.txt"), "hello"), ""))
                .hasMessageContaining("neither a PEM file nor a PFX file");
    }

    @Test
    void twoKeysAreSaidAndNoneIsTakenByChance() throws Exception {
        Path pem = pem(
                Identity.pem(APP.certificate()),
                pkcs8(APP, "", null),
                pkcs8(OTHER, "", null),
                Identity.pem(OTHER.certificate()));
        assertThat(refused(pem, "")).hasMessageContaining("2 private keys");

        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Identity one : new Identity[] {OTHER, APP}) {
            store.setKeyEntry(
                    one.equals(APP) ? "app-2026" : "app-2025",
                    one.keys().getPrivate(),
                    PASSWORD.toCharArray(),
                    new Certificate[] {one.certificate()});
        }
        UnusableCertificateException refused = refused(written(store), PASSWORD);
        assertThat(refused).hasMessageContaining("2 private keys (app-2025, app-2026)");
        assertThat(refused.remedy()).contains("Export the certificate that the app registration knows alone");
    }

    @Test
    void aKeyThatStandsThereTwiceIsOne() throws Exception {
        Path file = pem(
                pkcs8(APP, "", null),
                Identity.pem(APP.certificate()),
                Identity.pem(APP.keys().getPrivate()));
        assertThat(read(file, "").key()).isEqualTo(APP.keys().getPrivate());
    }

    @Test
    void theChainBeginsWithItsOwnCertificateAndHoldsThoseAloneThatVouchForIt() throws Exception {
        Path pem = pem(
                Identity.pem(OTHER.certificate()),
                Identity.pem(ISSUER.certificate()),
                pkcs8(APP, "", null),
                Identity.pem(APP.certificate()));
        assertThat(read(pem, "").chain()).containsExactly(APP.certificate(), ISSUER.certificate());

        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("app", APP.keys().getPrivate(), PASSWORD.toCharArray(), new Certificate[] {
            APP.certificate(), ISSUER.certificate()
        });
        store.setCertificateEntry("other", OTHER.certificate());
        assertThat(read(written(store), PASSWORD).chain()).containsExactly(APP.certificate(), ISSUER.certificate());
    }

    @Test
    void aPfxFileMayHaveAPasswordOfAnyLetters() throws Exception {
        String password = "Schl\u00fcssel \u20ac";
        KeyStore store = KeyStore.getInstance("PKCS12", new BouncyCastleProvider());
        store.load(null, new char[0]);
        store.setKeyEntry("app", APP.keys().getPrivate(), new char[0], new Certificate[] {APP.certificate()});
        Path file = folder.resolve("app.pfx");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }

        assertThat(read(file, password).key()).isEqualTo(APP.keys().getPrivate());
        assertThat(refused(file, "Schl\u00fcssel")).hasMessageContaining("the password does not open it");
    }

    @Test
    void aPfxFileSaysWhatIsWrongWithItsPassword() throws Exception {
        Path file = APP.pfx(folder.resolve("app.pfx"), PASSWORD);

        assertThat(read(file, PASSWORD).key()).isEqualTo(APP.keys().getPrivate());
        assertThat(refused(file, "wrong")).hasMessageContaining("the password does not open it");
        assertThat(refused(file, "")).hasMessageContaining("encrypted with a password, and none is set");
        Path damaged = Files.write(folder.resolve("cut.pfx"), Arrays.copyOf(Files.readAllBytes(file), 200));
        assertThat(refused(damaged, PASSWORD)).hasMessageContaining("neither a PEM file nor a PFX file");
    }

    @Test
    void aPasswordIsReadFromAFileOfPowershell() throws Exception {
        Path file = APP.pfx(folder.resolve("app.pfx"), PASSWORD);
        Path password = Files.write(folder.resolve("password.txt"), ("\uFEFF" + PASSWORD + "\r\n").getBytes(UTF_16LE));
        assertThat(AppCertificate.read(new Credential.ClientCertificate(
                                file, Optional.of(new SecretReference(new Secret(""), Optional.of(password))), false))
                        .key())
                .isEqualTo(APP.keys().getPrivate());
    }

    private AppCertificate read(Path file, String password) throws IOException {
        return AppCertificate.read(new Credential.ClientCertificate(
                file,
                Optional.of(password)
                        .filter(word -> !word.isEmpty())
                        .map(word -> new SecretReference(new Secret(word), Optional.empty())),
                false));
    }

    /** What was wrong, which shows neither the password nor anything of the file. */
    private UnusableCertificateException refused(Path file, String password) throws IOException {
        UnusableCertificateException refused =
                catchThrowableOfType(UnusableCertificateException.class, () -> read(file, password));
        assertThat(refused)
                .hasMessageContaining(file.toString())
                .hasMessageNotContainingAny(
                        PASSWORD, "MII", Base64.getEncoder().encodeToString(PASSWORD.getBytes(UTF_8)));
        assertThat(refused.remedy()).isNotBlank();
        return refused;
    }

    private Path pem(String... parts) throws IOException {
        return Files.writeString(folder.resolve("app.pem"), String.join("", parts));
    }

    private Path written(KeyStore store) throws Exception {
        Path file = folder.resolve("app.pfx");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static String pkcs1(PrivateKey key, String cipher) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    key,
                    new JcePEMEncryptorBuilder(cipher)
                            .setProvider(new BouncyCastleProvider())
                            .build(PASSWORD.toCharArray()));
        }
        return text.toString();
    }

    private static String pkcs8(Identity app, String password, ASN1ObjectIdentifier cipher) throws Exception {
        return Identity.pem(
                password.isEmpty()
                        ? new JcaPKCS8Generator(app.keys().getPrivate(), null)
                        : new JcaPKCS8Generator(
                                app.keys().getPrivate(),
                                new JceOpenSSLPKCS8EncryptorBuilder(cipher)
                                        .setProvider(new BouncyCastleProvider())
                                        .setPassword(password.toCharArray())
                                        .build()));
    }
}
