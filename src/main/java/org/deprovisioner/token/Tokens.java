package org.deprovisioner.token;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.HttpClient;
import org.deprovisioner.settings.Settings;

/**
 * The tokens of all tenants: one held for each, renewed ahead of its end, acquired by one thread while the others wait.
 * May be used by many threads.
 */
public final class Tokens implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "token");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, EntraSignIn> signIns;
    private final Map<String, TokenSource> sources;

    /**
     * @param tenants the tenants by name
     * @param graph the base URL of Graph, which the tokens are for
     * @param data the folder that holds everything the program keeps
     * @param http the client that calls the token endpoint: one that follows no redirect and repeats nothing
     * @param random where the jitter of renewals comes from; many threads use it at once
     */
    public Tokens(
            Map<String, Settings.Tenant> tenants,
            URI graph,
            Path data,
            HttpClient http,
            Clock clock,
            RandomGenerator random) {
        signIns = tenants.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        tenant -> new EntraSignIn(tenant.getValue(), graph, http, data.resolve("login"), threads)));
        TenantIdentities identities = new TenantIdentities(tenants.values());
        sources = signIns.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, signIn -> {
            EntraSignIn to = signIn.getValue();
            return new TokenSource(to.andThen(token -> identities.checked(to.tenant(), token)), clock, random);
        }));
    }

    /**
     * A token of the tenant that has not ended; at most one call a backoff step is made for it, whoever asks.
     *
     * @throws TokenException when none can be had: it says why and what to do
     */
    public BearerToken current(String tenant) {
        return source(tenant).current();
    }

    /** The token that is held for the tenant now, if it has not ended; no call is made for one. */
    public Optional<BearerToken> held(String tenant) {
        return source(tenant).held();
    }

    /**
     * Signs a person in to a tenant that wants a person's permissions, and keeps the sign-in for {@link #current}.
     *
     * @param instructions is told where to type which code
     * @return who signed in
     * @throws TokenException when the sign-in fails or takes too long
     */
    public String login(String tenant, Consumer<String> instructions) throws InterruptedException {
        return found(signIns, tenant).login(instructions, PatientPolling.STEP);
    }

    /**
     * Graph did not take this token: the next is a new one, unless another thread was here before.
     *
     * @param claims what the new token must hold, as JSON, when Graph asked for something
     */
    public void invalidate(String tenant, BearerToken refused, Optional<String> claims) {
        source(tenant).invalidate(refused, claims);
    }

    /** Begins anew, as {@code resume} does: no token, and no failure to wait for. */
    public void forget(String tenant) {
        source(tenant).forget();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private TokenSource source(String tenant) {
        return found(sources, tenant);
    }

    private static <T> T found(Map<String, T> byTenant, String tenant) {
        return Optional.ofNullable(byTenant.get(tenant))
                .orElseThrow(() -> new IllegalArgumentException("No tenant is named " + tenant));
    }
}
