package org.deprovisioner.token;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.AuthorizationRequestUrlParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.deprovisioner.settings.Settings;

/** Signs people in by their browser: the authorization code flow with PKCE. Whether a token holds is for the caller to check. */
public final class PersonSignIn {

    private static final Set<String> SCOPES = Set.of("openid", "profile");
    private static final long LONGEST_WAIT_SECONDS = 20;

    private final Settings.Entra entra;
    private final HttpClient http;
    private final ExecutorService threads;

    /** With the client that speaks to Entra ID, and threads for it. */
    public PersonSignIn(Settings.Entra entra, HttpClient http, ExecutorService threads) {
        this.entra = entra;
        this.http = http;
        this.threads = threads;
    }

    /**
     * Where a browser is sent to.
     *
     * @param state comes back with it
     * @param nonce stands in the token
     * @param challenge the SHA-256 of the verifier that is shown later
     * @param redirect where it is sent back to
     */
    public URI address(String state, String nonce, String challenge, URI redirect) throws IOException {
        AuthorizationRequestUrlParameters asked = AuthorizationRequestUrlParameters.builder(redirect.toString(), SCOPES)
                .state(state)
                .nonce(nonce)
                .codeChallenge(challenge)
                .codeChallengeMethod("S256")
                .build();
        String address = app().getAuthorizationRequestUrl(asked).toString();
        // MSAL asks for form_post whatever it is told: a POST from elsewhere, with which no browser sends a Lax cookie
        return URI.create(address.replaceFirst("response_mode=[a-z_]+", "response_mode=query"));
    }

    /**
     * The ID token for the code that a browser came back with.
     *
     * @throws IOException when Entra ID does not give it; the message holds no secret
     */
    public String idToken(String code, String verifier, URI redirect) throws IOException, InterruptedException {
        try {
            return String.valueOf(app().acquireToken(AuthorizationCodeParameters.builder(code, redirect)
                            .scopes(SCOPES)
                            .codeVerifier(verifier)
                            .build())
                    .get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)
                    .idToken());
        } catch (ExecutionException refused) {
            throw new IOException(String.valueOf(
                    refused.getCause() == null ? refused : refused.getCause().getMessage()));
        } catch (TimeoutException late) {
            throw new IOException("no answer within " + LONGEST_WAIT_SECONDS + " seconds", late);
        }
    }

    private ConfidentialClientApplication app() throws MalformedURLException {
        return ConfidentialClientApplication.builder(
                        entra.clientId(),
                        ClientCredentialFactory.createFromSecret(
                                entra.secret().now().value()))
                .authority(entra.authority().toString())
                .instanceDiscovery(false)
                .httpClient(new MsalHttp(http))
                .disableInternalRetries()
                .executorService(threads)
                .build();
    }
}
