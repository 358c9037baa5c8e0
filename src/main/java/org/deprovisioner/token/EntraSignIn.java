package org.deprovisioner.token;

import com.microsoft.aad.msal4j.AbstractClientApplicationBase;
import com.microsoft.aad.msal4j.ClaimsRequest;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.IAccount;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentityId;
import com.microsoft.aad.msal4j.ManagedIdentityParameters;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.SilentParameters;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.HttpClient;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.TextFile;

/**
 * Signs in to one tenant, by whatever credential it has. MSAL is asked for a token each time and holds none but a signed-in
 * person's: its cache misses where the authority has a port, and does not keep parallel callers from calling. Files of
 * credentials are read each time, so what is renewed on disk is used without a restart.
 *
 * @param graph the base URL of Graph
 * @param logins the folder that keeps who has signed in
 */
record EntraSignIn(Settings.Tenant tenant, URI graph, HttpClient http, Path logins, ExecutorService threads)
        implements Function<Optional<String>, BearerToken> {

    /** We answer claims challenges, so Entra may end our tokens at once when it must (continuous access evaluation). */
    private static final String CLAIMS_ARE_ANSWERED = "cp1";

    /** With the longest backoff shorter than the time between two probes, so that one that hangs delays no other. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    @Override
    public BearerToken apply(Optional<String> claims) {
        Refusals refusals = new Refusals(tenant);
        try {
            IAuthenticationResult result = asked(claims).get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
            return new BearerToken(result.accessToken(), result.expiresOnDate().toInstant());
        } catch (ExecutionException e) {
            throw refusals.of(Optional.ofNullable(e.getCause()).orElse(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusals.interrupted();
        } catch (TimeoutException e) {
            throw refusals.of(new IOException("no answer within " + LONGEST_WAIT.toSeconds() + " seconds"));
        } catch (Exception e) {
            throw refusals.of(e);
        }
    }

    /**
     * Signs a person in, who is told where to type which code, and keeps the sign-in.
     *
     * @param slowDown by how much each poll waits longer after Entra wanted that
     * @return who signed in
     */
    String login(Consumer<String> instructions, Duration slowDown) throws InterruptedException {
        Refusals refusals = new Refusals(tenant);
        try {
            OwnerAlone.folder(logins);
            DeviceCodeFlowParameters wanted = DeviceCodeFlowParameters.builder(
                            scopes(), code -> instructions.accept(code.message()))
                    .build();
            PublicClientApplication application = person(new PatientPolling(new MsalHttp(http), slowDown));
            IAccount person = application.acquireToken(wanted).get().account();
            forgetAllBut(person, application);
            return person.username();
        } catch (ExecutionException e) {
            throw refusals.of(Optional.ofNullable(e.getCause()).orElse(e));
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e);
        }
    }

    /** Whoever signed in before has no part in it any more. */
    private static void forgetAllBut(IAccount person, PublicClientApplication application)
            throws ExecutionException, InterruptedException {
        for (IAccount other : application.getAccounts().get()) {
            if (!other.homeAccountId().equals(person.homeAccountId())) {
                application.removeAccount(other).get();
            }
        }
    }

    private CompletableFuture<IAuthenticationResult> asked(Optional<String> claims) throws Exception {
        Credential credential = tenant.credential();
        if (credential instanceof Credential.ManagedIdentity) {
            return machine(claims);
        } else if (credential instanceof Credential.DeviceCode) {
            return signedIn(claims);
        }
        ClientCredentialParameters.ClientCredentialParametersBuilder wanted =
                ClientCredentialParameters.builder(scopes()).skipCache(true);
        claims.map(ClaimsRequest::formatAsClaimsRequest).ifPresent(wanted::claims);
        return app(credential).acquireToken(wanted.build());
    }

    private ConfidentialClientApplication app(Credential credential) throws IOException {
        boolean sendChain = credential instanceof Credential.ClientCertificate certificate && certificate.sendChain();
        return common(ConfidentialClientApplication.builder(tenant.clientId(), proof(credential)), new MsalHttp(http))
                .sendX5c(sendChain)
                .build();
    }

    private static IClientCredential proof(Credential credential) throws IOException {
        if (credential instanceof Credential.ClientCertificate certificate) {
            return AppCertificate.read(certificate).forMsal();
        } else if (credential instanceof Credential.WorkloadIdentity identity) {
            return ClientCredentialFactory.createFromClientAssertion(TextFile.read(identity.tokenFile()));
        }
        return ClientCredentialFactory.createFromSecret(
                ((Credential.ClientSecret) credential).secret().now().value());
    }

    private CompletableFuture<IAuthenticationResult> machine(Optional<String> claims) throws Exception {
        ManagedIdentityId id = tenant.clientId().isEmpty()
                ? ManagedIdentityId.systemAssigned()
                : ManagedIdentityId.userAssignedClientId(tenant.clientId());
        ManagedIdentityParameters.ManagedIdentityParametersBuilder wanted = ManagedIdentityParameters.builder(
                        graph.resolve("/").toString().replaceFirst("/$", ""))
                .forceRefresh(true);
        claims.ifPresent(wanted::claims);
        return ManagedIdentityApplication.builder(id)
                .clientCapabilities(List.of(CLAIMS_ARE_ANSWERED))
                .httpClient(new MsalHttp(http))
                .disableInternalRetries()
                .executorService(threads)
                .build()
                .acquireTokenForManagedIdentity(wanted.build());
    }

    private CompletableFuture<IAuthenticationResult> signedIn(Optional<String> claims)
            throws IOException, ExecutionException, InterruptedException {
        PublicClientApplication application = person(new MsalHttp(http));
        IAccount account =
                application.getAccounts().get().stream().findFirst().orElseThrow(NobodySignedInException::new);
        SilentParameters.SilentParametersBuilder wanted = SilentParameters.builder(scopes(), account)
                .authorityUrl(tenant.authority().toString())
                .forceRefresh(true);
        claims.map(ClaimsRequest::formatAsClaimsRequest).ifPresent(wanted::claims);
        return application.acquireTokenSilently(wanted.build());
    }

    private PublicClientApplication person(IHttpClient client) throws MalformedURLException {
        return common(PublicClientApplication.builder(tenant.clientId()), client)
                .setTokenCacheAccessAspect(new LoginFile(logins.resolve(tenant.name() + ".json")))
                .build();
    }

    private <B extends AbstractClientApplicationBase.Builder<B>> B common(B application, IHttpClient client)
            throws MalformedURLException {
        return application
                .authority(tenant.authority().toString())
                .instanceDiscovery(false)
                .clientCapabilities(Set.of(CLAIMS_ARE_ANSWERED))
                .httpClient(client)
                .disableInternalRetries()
                .executorService(threads);
    }

    private Set<String> scopes() {
        return Set.of(graph.resolve("/.default").toString());
    }

    @Override
    public String toString() {
        return "EntraSignIn[" + tenant.name() + "]";
    }

    /** The tenant wants a person's permissions, and nobody has signed in. */
    static final class NobodySignedInException extends RuntimeException {

        NobodySignedInException() {
            super("nobody has signed in");
        }
    }
}
