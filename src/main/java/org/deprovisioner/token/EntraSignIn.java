package org.deprovisioner.token;

import com.microsoft.aad.msal4j.ClaimsRequest;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import java.net.MalformedURLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.HttpClient;
import org.deprovisioner.settings.Settings;

/**
 * Signs in as the app itself, by its client secret. MSAL is asked for a token each time and holds none: its cache misses
 * where the authority has a port, and does not keep parallel callers from calling.
 */
record EntraSignIn(Settings.Tenant tenant, String scope, HttpClient http, ExecutorService threads)
        implements Function<Optional<String>, BearerToken> {

    /** We answer claims challenges, so Entra may end our tokens at once when it must (continuous access evaluation). */
    private static final Set<String> CAPABILITIES = Set.of("cp1");

    @Override
    public BearerToken apply(Optional<String> claims) {
        Refusals refusals = new Refusals(tenant);
        try {
            ClientCredentialParameters.ClientCredentialParametersBuilder wanted =
                    ClientCredentialParameters.builder(Set.of(scope)).skipCache(true);
            claims.map(ClaimsRequest::formatAsClaimsRequest).ifPresent(wanted::claims);
            IAuthenticationResult result =
                    application().acquireToken(wanted.build()).get();
            return new BearerToken(result.accessToken(), result.expiresOnDate().toInstant());
        } catch (ExecutionException e) {
            throw refusals.of(Optional.ofNullable(e.getCause()).orElse(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusals.interrupted();
        } catch (MalformedURLException | RuntimeException e) {
            throw refusals.of(e);
        }
    }

    private ConfidentialClientApplication application() throws MalformedURLException {
        return ConfidentialClientApplication.builder(
                        tenant.clientId(),
                        ClientCredentialFactory.createFromSecret(
                                tenant.clientSecret().value()))
                .authority(tenant.authority().toString())
                .instanceDiscovery(false)
                .clientCapabilities(CAPABILITIES)
                .httpClient(new MsalHttp(http, tenant.clientSecret()))
                .disableInternalRetries()
                .executorService(threads)
                .build();
    }

    @Override
    public String toString() {
        return "EntraSignIn[" + tenant.name() + "]";
    }
}
