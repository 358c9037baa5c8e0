package org.deprovisioner.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deprovisioner.simulator.Visitor.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.MsalServiceException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorSignInTest {

    private static final String SCOPE = "https://graph.microsoft.com/.default";

    @TempDir
    Path folder;

    private Simulator simulator;
    private Visitor visitor;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(
                SimulatorOptions.in(folder).app(SimulatorOptions.App.REGISTERED.tokenLifetime(Duration.ofMinutes(10))));
        visitor = Visitor.of(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void MSAL_gets_a_token_that_Graph_takes() throws Exception {
        IAuthenticationResult result = withMsal(simulator.clientSecret());

        Visitor signedIn = new Visitor(simulator, visitor.client(), result.accessToken());
        assertThat(signedIn.get("/deviceManagement/managedDevices?$top=1").statusCode())
                .isEqualTo(200);
        assertThat(result.expiresOnDate())
                .isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(700));
    }

    @Test
    void MSAL_understands_why_a_secret_is_refused() {
        assertThatThrownBy(() -> withMsal("wrong"))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(MsalServiceException.class)
                .hasMessageContaining("AADSTS7000215");
    }

    @Test
    void the_token_says_whom_it_is_for_and_what_it_allows() {
        JsonNode claims = WireJson.read(
                new String(Base64.getUrlDecoder().decode(visitor.token().split("\\.", 3)[1]), StandardCharsets.UTF_8),
                JsonNode.class);

        assertThat(claims.path("aud").asText()).isEqualTo("https://graph.microsoft.com");
        assertThat(claims.path("tid").asText()).isEqualTo(simulator.tenantId());
        assertThat(claims.path("roles"))
                .extracting(JsonNode::asText)
                .contains("DeviceManagementManagedDevices.ReadWrite.All");
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(600);
    }

    @Test
    void refusals_bear_the_codes_of_Entra() throws Exception {
        assertThat(refusal(visitor.signIn(simulator.clientId(), "wrong", SCOPE)))
                .isEqualTo("401 7000215");
        assertThat(refusal(visitor.signIn("nobody", "wrong", SCOPE))).isEqualTo("400 700016");
        assertThat(refusal(visitor.signIn(simulator.clientId(), simulator.clientSecret(), "User.Read")))
                .isEqualTo("400 1002012");
        assertThat(refusal(visitor.send(
                        HttpRequest.newBuilder(simulator.authority().resolve("/elsewhere.example/oauth2/v2.0/token"))
                                .POST(BodyPublishers.noBody()))))
                .isEqualTo("400 90002");
    }

    @Test
    void the_secret_may_come_in_a_header() throws Exception {
        String pair = simulator.clientId() + ":" + simulator.clientSecret();

        HttpResponse<String> answer =
                visitor.send(HttpRequest.newBuilder(URI.create(simulator.authority() + "/oauth2/v2.0/token"))
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                        .POST(BodyPublishers.ofString("grant_type=client_credentials&scope=" + SCOPE)));

        assertThat(json(answer).path("expires_in").asInt()).isEqualTo(600);
    }

    @Test
    void the_configuration_names_the_token_endpoint() throws Exception {
        HttpResponse<String> answer = visitor.send(
                HttpRequest.newBuilder(URI.create(simulator.authority() + "/v2.0/.well-known/openid-configuration")));

        assertThat(json(answer).path("token_endpoint").asText())
                .isEqualTo(simulator.authority() + "/oauth2/v2.0/token");
    }

    private IAuthenticationResult withMsal(String secret) throws Exception {
        return ConfidentialClientApplication.builder(
                        simulator.clientId(), ClientCredentialFactory.createFromSecret(secret))
                .authority(simulator.authority() + "/")
                .instanceDiscovery(false)
                .sslSocketFactory(Visitor.trusting(simulator.caFile()).getSocketFactory())
                .build()
                .acquireToken(ClientCredentialParameters.builder(Set.of(SCOPE)).build())
                .get();
    }

    private static String refusal(HttpResponse<String> answer) {
        return answer.statusCode() + " " + json(answer).at("/error_codes/0").asText();
    }
}
