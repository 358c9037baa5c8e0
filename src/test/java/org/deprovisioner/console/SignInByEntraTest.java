package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.console.Browser.Answer;
import org.deprovisioner.graph.GraphHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SignInByEntraTest {

    @TempDir
    static Path folder;

    private static OpenIdProvider entra;
    private static ConsoleStage stage;
    private static GraphHttp reach;
    private static CloseableHttpClient http;
    private static EntraTokens tokens;

    @BeforeAll
    static void start() throws Exception {
        entra = new OpenIdProvider();
        stage = ConsoleStage.in(folder)
                .set("AZURE_AUTHORITY_HOST", entra.origin())
                .set("deprovision.graph.base-url", "https://localhost:1/beta")
                .set("deprovision.tls.ca-file", entra.caFile(folder).toString())
                .set("deprovision.console.auth", "entra")
                .set("deprovision.console.tenant-id", OpenIdProvider.TENANT)
                .set("deprovision.console.client-id", OpenIdProvider.CLIENT)
                .set("deprovision.console.client-secret", OpenIdProvider.SECRET)
                .start();
        var settings = stage.configuration().settings().console().entra().orElseThrow();
        reach = new GraphHttp(settings.reach(), 2);
        http = reach.client();
        tokens = new EntraTokens(settings, new EntraDocuments(http));
    }

    @AfterAll
    static void stop() throws Exception {
        stage.close();
        http.close();
        reach.close();
        entra.close();
    }

    @AfterEach
    void likeEntraAgain() {
        entra.claims = builder -> builder;
        entra.signing = entra::signed;
    }

    /** As a person's browser does it, until the page that the provider sent it back to. */
    private static Answer signIn(Browser browser) {
        Answer away = browser.get("/sign-in/entra?to=%2F");
        URI back = entra.signedIn(away.header("Location"));
        return browser.get(back.getRawPath() + "?" + back.getRawQuery());
    }

    @Test
    void aPersonSignsInAndIsKnownByTheirObjectId() {
        try (Browser browser = stage.browser()) {
            Answer signIn = browser.get("/sign-in");
            assertThat(signIn.body()).contains("Sign in with Microsoft").doesNotContain("password");
            Answer away = browser.get("/sign-in/entra");
            assertThat(away.header("Location"))
                    .startsWith(entra.origin() + "/" + OpenIdProvider.TENANT + "/oauth2/v2.0/authorize?")
                    .contains("response_mode=query", "code_challenge_method=S256", "nonce=", "state=");
            assertThat(away.header("Set-Cookie")).contains("SameSite=Lax", "Max-Age=600", "HttpOnly");

            Answer back = signIn(browser);

            assertThat(back.status()).isEqualTo(200);
            assertThat(back.body()).contains("http-equiv=\"refresh\"");
            assertThat(back.headers().get("Set-Cookie"))
                    .anySatisfy(cookie -> assertThat(cookie).contains("SameSite=Strict", "HttpOnly"))
                    .anySatisfy(cookie -> assertThat(cookie).contains("SameSite=Lax", "Max-Age=0"));
            assertThat(browser.get("/").body()).contains("ada@example.com");
            assertThat(stage.ledger().audit().waiting(10))
                    .anySatisfy(entry -> assertThat(entry.fields())
                            .containsEntry("what", "signed-in")
                            .containsEntry("by", OpenIdProvider.ADA));
        }
    }

    static Stream<Named<UnaryOperator<JWTClaimsSet.Builder>>> claimsThatDoNotHold() {
        return Stream.of(
                Named.of("another issuer", claims -> claims.issuer("https://login.example.com/v2.0")),
                Named.of("another app", claims -> claims.audience("00000003-0000-0000-c000-000000000000")),
                Named.of("another tenant", claims -> claims.claim("tid", "99999999-9999-4999-8999-999999999999")),
                Named.of("another sign-in", claims -> claims.claim("nonce", "guessed")),
                Named.of("no nonce", claims -> claims.claim("nonce", null)),
                Named.of(
                        "ended",
                        claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)))),
                Named.of("without an end", claims -> claims.expirationTime(null)),
                Named.of(
                        "not valid yet",
                        claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600)))),
                Named.of("of version 1", claims -> claims.claim("ver", "1.0")),
                Named.of("of nobody", claims -> claims.claim("oid", null)));
    }

    @ParameterizedTest
    @MethodSource("claimsThatDoNotHold")
    void anIdTokenThatDoesNotHoldSignsNobodyIn(UnaryOperator<JWTClaimsSet.Builder> claims) {
        var signIn = entra.common("Deprovisioner.Viewer").claim("nonce", "asked");
        assertThatThrownBy(
                        () -> tokens.ofIdToken(entra.signed(claims.apply(signIn).build()), "asked"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
    }

    static Stream<Named<OpenIdProvider.Signing>> signaturesThatDoNotHold() {
        return Stream.of(
                Named.of("unsigned", claims -> entra.unsigned(claims)),
                Named.of("by another key", claims -> entra.signedByAnother(claims)),
                Named.of("keyed by the public key", claims -> entra.keyedByPublicKey(claims)),
                Named.of("cut off", claims -> entra.signed(claims).replaceFirst("[^.]+$", "")),
                Named.of("with another's signature", claims -> {
                    String other =
                            entra.signed(entra.common("Deprovisioner.Approver").build());
                    return entra.signed(claims).replaceFirst("[^.]+$", other.substring(other.lastIndexOf('.') + 1));
                }));
    }

    @ParameterizedTest
    @MethodSource("signaturesThatDoNotHold")
    void aSignatureThatDoesNotHoldSignsNobodyIn(OpenIdProvider.Signing signing) {
        var claims =
                entra.common("Deprovisioner.Viewer").claim("nonce", "asked").build();
        assertThatThrownBy(() -> tokens.ofIdToken(signing.sign(claims), "asked"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
        assertThatThrownBy(() -> tokens.ofAccessToken(signing.sign(entra.common("Deprovisioner.Viewer")
                        .claim("scp", "access")
                        .build())))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Deprovisioner.Viewer, '', '/submit /batches/held/approve /batches/held/cancel /resume'",
        "Deprovisioner.Operator, '/submit /batches/held/cancel', '/batches/held/approve'",
        "Deprovisioner.Approver, '/batches/held/approve /batches/held/cancel', '/submit /resume'"
    })
    void eachRoleSeesTheButtonsOfWhatItMayDoAndIsRefusedTheRest(String role, String may, String mayNot)
            throws Exception {
        try (Seed seed = Seed.in(stage)) {
            if (stage.ledger().batches().progress("held").isEmpty()) {
                seed.batch("held", "ada")
                        .rows("held", 2, "HELD", "", "6 devices are over the limit of 5.", "Approve it.");
            }
        }
        entra.claims = claims -> claims.claim("roles", List.of(role));
        try (Browser browser = stage.browser()) {
            signIn(browser);
            Answer overview = browser.get("/");
            assertThat(overview.body()).contains("action=\"/pause\"");
            for (String path : words(may)) {
                assertThat(browser.get(path).body()).contains("action=\"" + path + "\"");
            }
            for (String path : words(mayNot)) {
                assertThat(browser.get(path).body()).doesNotContain("action=\"" + path + "\"");
                assertThat(browser.post(path, Map.of("csrf", overview.csrf())).status())
                        .as(path)
                        .isEqualTo(403);
            }
        }
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    @Test
    void whoHasNoRoleIsToldWhereRolesAreGiven() {
        entra.claims = claims -> claims.claim("roles", List.of("Somebody.Else"));
        try (Browser browser = stage.browser()) {
            Answer back = signIn(browser);
            assertThat(back.status()).isEqualTo(403);
            assertThat(back.body()).contains("no role", "Deprovisioner.Viewer");
            assertThat(browser.get("/").status()).isEqualTo(303);
        }
    }

    @Test
    void aSignInThatBeganInAnotherBrowserIsRefused() {
        try (Browser attacker = stage.browser();
                Browser victim = stage.browser()) {
            URI back = entra.signedIn(attacker.get("/sign-in/entra").header("Location"));
            assertThat(victim.get(back.getRawPath() + "?" + back.getRawQuery()).status())
                    .isEqualTo(403);
            victim.get("/sign-in/entra");
            assertThat(victim.get(back.getRawPath() + "?" + back.getRawQuery()).status())
                    .isEqualTo(403);
            assertThat(attacker.get("/sign-in/callback?error=%3Cb%3Eno%3C%2Fb%3E&state=x")
                            .body())
                    .doesNotContain("<b>no</b>");
        }
    }

    @Test
    void noPasswordSignsInWherePeopleSignInByEntra() throws Exception {
        try (Browser browser = stage.browser()) {
            assertThat(browser.post("/sign-in", Map.of("password", stage.password()))
                            .status())
                    .isEqualTo(405);
            assertThat(browser.post("/sign-in/token", Map.of("token", "x")).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void anAccessTokenOfAPersonHasTheirRoles() throws Exception {
        Person person = tokens.ofAccessToken(entra.signed(entra.common("Deprovisioner.Approver")
                .claim("scp", "access_as_user")
                .build()));
        assertThat(person.by()).isEqualTo(OpenIdProvider.ADA);
        assertThat(person.rights()).containsExactlyInAnyOrder(Right.READ, Right.PAUSE, Right.CANCEL, Right.APPROVE);
    }

    @Test
    void anAppThatSignsInForItselfHandsOverAndReadsWhateverItsRoles() throws Exception {
        Person app = tokens.ofAccessToken(
                entra.signed(entra.common("Deprovisioner.Viewer", "Deprovisioner.Operator", "Deprovisioner.Approver")
                        .claim("idtyp", "app")
                        .claim("azp", "44444444-4444-4444-8444-444444444444")
                        .build()));
        assertThat(app.rights()).containsExactlyInAnyOrder(Right.READ, Right.SUBMIT);
        assertThat(app.objectId()).isEmpty();
    }

    @Test
    void anIdTokenIsNoAccessToken() {
        assertThatThrownBy(() -> tokens.ofAccessToken(entra.signed(entra.common("Deprovisioner.Operator")
                        .claim("nonce", "n")
                        .build())))
                .hasMessageContaining("no access token");
    }
}
