package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.deprovisioner.graph.Certificates;

/**
 * An OpenID provider with the addresses of Entra ID: who is sent to it is signed in at once, and what it says of them is for
 * the test to order. It checks what Entra ID checks of the console: its secret, the redirect, and the verifier (PKCE).
 */
final class OpenIdProvider implements AutoCloseable {

    static final String TENANT = "11111111-1111-4111-8111-111111111111";
    static final String CLIENT = "22222222-2222-4222-8222-222222222222";
    static final String SECRET = "the-app's-secret";
    static final String ADA = "33333333-3333-4333-8333-333333333333";

    private final Certificates certificates = new Certificates();
    private final HttpsServer server;
    private final RSAKey key;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    /** What becomes of the claims of the next ID token. */
    UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;

    /** How the next ID token is signed. */
    Signing signing = this::signed;

    interface Signing {
        String sign(JWTClaimsSet claims) throws JOSEException;
    }

    OpenIdProvider() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("known").generate();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.server("localhost")));
        server.createContext("/", this::answer);
        server.start();
    }

    String origin() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    Path caFile(Path folder) throws IOException {
        return certificates.caFile(folder);
    }

    String issuer() {
        return origin() + "/" + TENANT + "/v2.0";
    }

    /** Where a person's browser is sent back to, who was sent here by this address. */
    URI signedIn(String address) {
        Map<String, List<String>> asked = Forms.decoded(URI.create(address).getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(
                code,
                Map.of(
                        "nonce", asked.get("nonce").get(0),
                        "challenge", asked.get("code_challenge").get(0),
                        "redirect", asked.get("redirect_uri").get(0)));
        return URI.create(asked.get("redirect_uri").get(0) + "?code=" + code + "&state="
                + asked.get("state").get(0));
    }

    /** The claims that Entra ID writes into every token of this app. */
    JWTClaimsSet.Builder common(String... roles) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3600)))
                .claim("ver", "2.0")
                .claim("tid", TENANT)
                .claim("oid", ADA)
                .claim("preferred_username", "ada@example.com")
                .claim("roles", List.of(roles));
    }

    String signed(JWTClaimsSet claims) throws JOSEException {
        return signed(claims, key);
    }

    /** By a key that the provider does not publish, under the name of one that it does. */
    String signedByAnother(JWTClaimsSet claims) throws JOSEException {
        return signed(claims, new RSAKeyGenerator(2048).keyID("known").generate());
    }

    String unsigned(JWTClaimsSet claims) {
        return new PlainJWT(claims).serialize();
    }

    /** With the public key as the secret of a keyed digest. */
    String keyedByPublicKey(JWTClaimsSet claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("known").build(), claims);
        jwt.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        return jwt.serialize();
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("known").build(), claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        try {
            if (path.endsWith("/.well-known/openid-configuration")) {
                send(exchange, 200, Map.of("issuer", issuer(), "jwks_uri", origin() + "/keys"));
            } else if (path.equals("/keys")) {
                send(exchange, 200, new JWKSet(key.toPublicJWK()).toJSONObject());
            } else if (path.endsWith("/oauth2/v2.0/token")) {
                token(exchange);
            } else {
                send(exchange, 404, Map.of("error", "not_found"));
            }
        } catch (Exception failed) {
            send(exchange, 500, Map.of("error", failed.toString()));
        }
    }

    private void token(HttpExchange exchange) throws Exception {
        Map<String, List<String>> form =
                Forms.decoded(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Map<String, String> begun =
                codes.remove(form.getOrDefault("code", List.of("")).get(0));
        if (begun == null
                || !form.get("redirect_uri").get(0).equals(begun.get("redirect"))
                || !challenge(form.getOrDefault("code_verifier", List.of("")).get(0))
                        .equals(begun.get("challenge"))
                || !form.getOrDefault("client_secret", List.of("")).get(0).equals(SECRET)) {
            send(exchange, 400, Map.of("error", "invalid_grant", "error_description", "AADSTS70008: not this one"));
            return;
        }
        JWTClaimsSet said = claims.apply(common("Deprovisioner.Operator").claim("nonce", begun.get("nonce")))
                .build();
        send(
                exchange,
                200,
                Map.of(
                        "token_type",
                        "Bearer",
                        "expires_in",
                        3600,
                        "scope",
                        "openid profile",
                        "access_token",
                        "opaque",
                        "id_token",
                        signing.sign(said),
                        "client_info",
                        Base64.getUrlEncoder().encodeToString("{\"uid\":\"u\",\"utid\":\"t\"}".getBytes(UTF_8))));
    }

    private static String challenge(String verifier) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
    }

    private static void send(HttpExchange exchange, int status, Map<String, ?> json) throws IOException {
        byte[] body = JsonMapper.builder().build().writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
