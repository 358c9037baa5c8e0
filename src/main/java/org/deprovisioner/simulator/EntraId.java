package org.deprovisioner.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signs the app in: the token endpoint of Entra ID, for client credentials with a secret. */
final class EntraId {

    /** The paths that are Entra's. */
    static final Pattern PATH = Pattern.compile(
            "/(?<tenant>[^/]+)/(?<page>oauth2/v2\\.0/token|discovery/v2\\.0/keys|(v2\\.0/)?\\.well-known/openid-configuration)");

    private static final String DEFAULT_SCOPE = "/.default";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final URI origin;
    private final SimulatorOptions.App app;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    EntraId(URI origin, SimulatorOptions.App app) {
        this.origin = origin;
        this.app = app;
    }

    SimulatorAnswer answer(Incoming call) {
        Matcher path = PATH.matcher(call.path());
        if (!path.matches() || !path.group("tenant").equalsIgnoreCase(app.tenantId())) {
            return error(call, 400, "invalid_request", 90002, "Tenant not found. Check the tenant ID.");
        }
        return switch (path.group("page")) {
            case "oauth2/v2.0/token" -> token(call);
            case "discovery/v2.0/keys" -> SimulatorAnswer.json(200, Map.of("keys", List.of()));
            default -> SimulatorAnswer.json(200, configuration());
        };
    }

    /**
     * Looks at an {@code Authorization} header.
     *
     * @return the roles of its token
     * @throws RefusalException unless it is a token of ours for Graph, and still good
     */
    Set<String> roles(String authorization, Instant now) {
        if (!authorization.startsWith("Bearer ")) {
            throw unauthorized("Access token is empty.");
        }
        Grant grant = grants.get(authorization.substring("Bearer ".length()));
        if (grant == null) {
            throw unauthorized("IDX14100: JWT is not well formed, or was not issued here.");
        } else if (!grant.audience.equals("https://graph.microsoft.com") && !grant.audience.equals(origin.toString())) {
            throw unauthorized("Access token validation failure. Invalid audience.");
        } else if (!now.isBefore(grant.expires)) {
            throw unauthorized("Lifetime validation failed, the token is expired.");
        }
        return app.roles();
    }

    private SimulatorAnswer token(Incoming call) {
        Map<String, String> form = Incoming.form(call.body());
        String[] basic = basic(call.header("Authorization"));
        String clientId = form.getOrDefault("client_id", basic[0]);
        String scope = form.getOrDefault("scope", "");
        if (!call.method().equals("POST")) {
            return error(call, 405, "invalid_request", 900561, "The endpoint only accepts POST requests.");
        } else if (!clientId.equals(app.clientId())) {
            return error(
                    call,
                    400,
                    "unauthorized_client",
                    700016,
                    "Application with identifier '" + clientId + "' was not found in the directory.");
        } else if (!form.getOrDefault("client_secret", basic[1]).equals(app.clientSecret())) {
            return error(call, 401, "invalid_client", 7000215, "Invalid client secret provided.");
        } else if (!form.getOrDefault("grant_type", "").equals("client_credentials")) {
            return error(call, 400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
        }
        List<String> resources = new ArrayList<>(List.of(scope.split(" ")));
        resources.removeAll(Set.of("openid", "profile", "offline_access"));
        if (resources.size() != 1 || !resources.get(0).endsWith(DEFAULT_SCOPE)) {
            return error(
                    call, 400, "invalid_scope", 1002012, "The provided value for scope " + scope + " is not valid.");
        }
        String resource = resources.get(0);
        return grant(resource.substring(0, resource.length() - DEFAULT_SCOPE.length()), call.at());
    }

    private SimulatorAnswer grant(String audience, Instant now) {
        Instant expires = now.plus(app.tokenLifetime());
        byte[] signature = new byte[32];
        random.nextBytes(signature);
        String token = BASE64.encodeToString("{\"typ\":\"JWT\",\"alg\":\"HS256\"}".getBytes(UTF_8)) + "."
                + BASE64.encodeToString(WireJson.write(Map.of(
                                "aud", audience,
                                "iss", "https://sts.windows.net/" + app.tenantId() + "/",
                                "iat", now.getEpochSecond(),
                                "nbf", now.getEpochSecond(),
                                "exp", expires.getEpochSecond(),
                                "appid", app.clientId(),
                                "roles", app.roles(),
                                "tid", app.tenantId(),
                                "ver", "1.0"))
                        .getBytes(UTF_8))
                + "." + BASE64.encodeToString(signature);
        grants.put(token, new Grant(audience, expires));
        long seconds = app.tokenLifetime().toSeconds();
        return SimulatorAnswer.json(
                200,
                Map.of(
                        "token_type",
                        "Bearer",
                        "expires_in",
                        seconds,
                        "ext_expires_in",
                        seconds,
                        "access_token",
                        token));
    }

    private Map<String, Object> configuration() {
        String authority = origin + "/" + app.tenantId();
        return Map.of(
                "issuer", authority + "/v2.0",
                "authorization_endpoint", authority + "/oauth2/v2.0/authorize",
                "token_endpoint", authority + "/oauth2/v2.0/token",
                "device_authorization_endpoint", authority + "/oauth2/v2.0/devicecode",
                "jwks_uri", authority + "/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported", List.of("client_secret_post", "client_secret_basic"),
                "response_types_supported", List.of("code"),
                "subject_types_supported", List.of("pairwise"),
                "id_token_signing_alg_values_supported", List.of("RS256"));
    }

    private RefusalException unauthorized(String text) {
        return new RefusalException(
                401,
                "InvalidAuthenticationToken",
                text,
                Map.of(
                        "WWW-Authenticate",
                        "Bearer realm=\"\", authorization_uri=\"%s/common/oauth2/authorize\", client_id=\"%s\""
                                .formatted(origin, "00000003-0000-0000-c000-000000000000")));
    }

    private static String[] basic(String authorization) {
        if (authorization.startsWith("Basic ")) {
            try {
                String pair = new String(Base64.getDecoder().decode(authorization.substring(6)), UTF_8);
                int colon = pair.indexOf(':');
                if (colon >= 0) {
                    return new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
                }
            } catch (IllegalArgumentException e) {
                return new String[] {"", ""};
            }
        }
        return new String[] {"", ""};
    }

    private static SimulatorAnswer error(Incoming call, int status, String error, int code, String text) {
        String trace = call.requestId();
        return SimulatorAnswer.json(
                status,
                Map.of(
                        "error", error,
                        "error_description",
                                "AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s"
                                        .formatted(code, text, trace, call.clientRequestId(), call.at()),
                        "error_codes", List.of(code),
                        "timestamp", call.at(),
                        "trace_id", trace,
                        "correlation_id", call.clientRequestId(),
                        "error_uri", "https://login.microsoftonline.com/error?code=" + code));
    }

    private record Grant(String audience, Instant expires) {}
}
