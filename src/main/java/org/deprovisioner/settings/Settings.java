package org.deprovisioner.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.rights.Readers;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.ServerAccess;

/**
 * Every setting that the program knows, checked.
 *
 * @param home the installation folder: {@code routes/} and {@code config/} lie here, and relative paths start here
 * @param data the folder that holds everything the program keeps
 * @param ledgerUrl the JDBC URL of the ledger
 * @param ledgerSignIn who signs in to the server that has the ledger
 * @param node the name of this service among those that share a ledger; empty for the host's
 * @param tenants the tenants by name; the only one is named {@code default} unless it was given another
 * @param notifications whom notifications go to
 * @param readers who else may read results, dead letters, held notes and rejected files
 * @param vault where secrets lie that settings refer to; none for commands that do not call Graph
 */
public record Settings(
        Path home,
        Path data,
        String ledgerUrl,
        SignIn ledgerSignIn,
        Optional<String> node,
        Graph graph,
        Map<String, Tenant> tenants,
        Pace pace,
        Requests requests,
        Doubt doubt,
        Guard guard,
        Broker broker,
        Console console,
        Notifications notifications,
        Readers readers,
        Optional<Vault> vault) {

    /** Whether several services may work on the ledger. */
    public boolean ledgerIsShared() {
        return Database.isOfServer(ledgerUrl);
    }

    /** Where the ledger is. */
    public Database ledgerDatabase() {
        return Database.at(new ServerAccess(
                ledgerUrl,
                ledgerSignIn.user(),
                ledgerSignIn.password().map(secret -> () -> secret.now().value()),
                graph.caFile()));
    }

    /** Who signs in to a server, and with what. */
    public record SignIn(Optional<String> user, Optional<SecretReference> password) {}

    /**
     * How Graph is reached.
     *
     * @param baseUrl without a trailing slash, {@code https://graph.microsoft.com/beta} unless set otherwise
     * @param timeout how long to wait for a connection, and for each answer
     * @param caFile a PEM file of certificate authorities trusted beside the JDK's own
     * @param proxy what stands between this machine and Graph and Entra ID
     */
    public record Graph(URI baseUrl, Duration timeout, Optional<Path> caFile, Optional<Proxy> proxy) {}

    /**
     * A forward proxy.
     *
     * @param except hosts that are called directly: a name with all below it, an address, either with a port, or {@code *}
     */
    public record Proxy(String host, int port, Optional<String> user, Optional<Secret> password, Set<String> except) {}

    /**
     * One tenant, how to sign in to it and how fast it may be called.
     *
     * @param clientId the app; of a managed identity that the system assigned it is empty
     * @param authority the whole authority URL, {@code https://login.microsoftonline.com/<tenant id>} unless set otherwise
     */
    public record Tenant(
            String name, String tenantId, String clientId, Credential credential, URI authority, Quota quota) {}

    /** What a tenant is signed in to with. Files are read anew each time, so what is renewed there needs no restart. */
    public sealed interface Credential {

        /** A secret of the app. */
        record ClientSecret(SecretReference secret) implements Credential {}

        /**
         * A certificate of the app with its key, in a PEM or PFX file.
         *
         * @param sendChain whether Entra is sent the certificates themselves too (x5c), as it wants for trust by issuer
         */
        record ClientCertificate(Path file, Optional<SecretReference> password, boolean sendChain)
                implements Credential {}

        /** The identity that Azure gives to the machine that we run on. */
        record ManagedIdentity() implements Credential {}

        /**
         * A token of somebody whom the app trusts, such as a Kubernetes cluster.
         *
         * @param tokenFile holds it and is written anew while we run
         */
        record WorkloadIdentity(Path tokenFile) implements Credential {}

        /** A person, once signed in by the command {@code login}. */
        record DeviceCode() implements Credential {}
    }

    /**
     * How fast a tenant is called.
     *
     * @param writes the most actions in any quota window
     * @param window the length of the quota window
     * @param reads the most reads in any quota window
     */
    public record Quota(int writes, Duration window, int reads) {}

    /**
     * How fast and how often Graph is called.
     *
     * @param writes the most actions in any quota window
     * @param window the length of the quota window
     * @param reads the most reads in any quota window
     * @param concurrency the most calls in flight at once
     * @param mode how many devices go in one call
     * @param bulkSize the most devices in one bulk call
     * @param maxAttempts how many charged attempts a request gets
     * @param maxAge how long after its first attempt a request is still tried
     */
    public record Pace(
            int writes,
            Duration window,
            int reads,
            int concurrency,
            Mode mode,
            int bulkSize,
            int maxAttempts,
            Duration maxAge) {}

    /** How many devices go in one call. */
    public enum Mode {
        /** Each device is a call. */
        SINGLE,
        /** Some calls go in one {@code $batch}; each counts against the quota alone. */
        BATCH,
        /** One call of {@code executeAction} for many devices; it counts once. */
        BULK
    }

    /**
     * How requests are taken and looked at.
     *
     * @param allowedReasons the only reasons that are taken; empty for any
     * @param carriedColumns names of columns that are only carried along, though they are nearly ours
     * @param resolveMaxAge after this time a device is read again before its attempt
     * @param justification what the administrators are told who approve an action in Intune
     * @param duplicateWindow for this long a device that was done is a duplicate without a further look
     * @param retention how long settled batches stay in the ledger; empty for ever
     * @param quiet how long a file of the inbox must stand still before it is taken
     */
    public record Requests(
            Optional<String> defaultReason,
            Set<String> allowedReasons,
            Set<String> carriedColumns,
            boolean resolve,
            Duration resolveMaxAge,
            boolean dryRun,
            Optional<Justification> justification,
            Duration duplicateWindow,
            Optional<Duration> retention,
            Duration quiet) {}

    /**
     * What becomes of calls of which nobody knows whether they were carried out.
     *
     * @param resend whether they are sent once more when reading back showed nothing
     * @param readBack how long to wait before each look
     * @param verify whether what Graph took is read back, too
     */
    public record Doubt(boolean resend, List<Duration> readBack, boolean verify) {}

    /**
     * What holds or refuses requests before anything is sent.
     *
     * @param operatingSystems the only operating systems that are acted on; empty for any
     * @param maxFleetPercent the largest share of a tenant's devices; any when empty
     * @param protectedDevices the file that lists protected devices
     * @param fourEyes whether who handed something over may not approve it
     * @param people object ids of Entra ID by the operating-system users who are the same persons, both in small letters
     * @param hours when actions are sent; always when empty, as in a dry run
     * @param grace for so long what was let through is not sent, so that it can still be cancelled; none in a dry run
     */
    public record Guard(
            Set<String> operatingSystems,
            int maxPerBatch,
            int maxPerDay,
            int maxRefusedPercent,
            Optional<Integer> maxFleetPercent,
            Path protectedDevices,
            ApprovalRule approval,
            boolean fourEyes,
            Map<String, String> people,
            Optional<AllowedHours> hours,
            Duration grace) {}

    /** What is held until a person approves it. */
    public enum ApprovalRule {
        /** Nothing: what is over a limit is refused. */
        NONE,
        /** What is over a limit. */
        OVER_LIMIT,
        /** Everything. */
        ALWAYS
    }

    /**
     * The message broker.
     *
     * @param url {@code embedded}, {@code none}, or the URL of an outside broker
     * @param user the user of clients; made at first start when not set for the embedded broker
     * @param listen where the embedded broker listens, {@code host:port}
     */
    public record Broker(String url, Optional<String> user, Optional<SecretReference> password, String listen) {}

    /**
     * The console that a running service serves.
     *
     * @param listen {@code host:port}; empty where none is wanted
     * @param url how people and proxies reach it, where that is another address
     * @param tls what it shows; on loopback it may do without
     * @param entra how people sign in by Entra ID; by password when empty
     * @param metricsToken holds what opens the metrics to who is not on this machine
     */
    public record Console(
            Optional<String> listen,
            Optional<URI> url,
            Optional<Tls> tls,
            Optional<Entra> entra,
            Optional<Path> metricsToken) {}

    /** A certificate with those that vouch for it, and its key, in PEM files. */
    public record Tls(Path certificate, Path key) {}

    /**
     * The app by which people sign in to the console.
     *
     * @param authority the whole authority URL, tenant included
     * @param secret by which the console shows that it is this app
     * @param reach how Entra ID is reached: as Graph is
     */
    public record Entra(String tenantId, String clientId, SecretReference secret, URI authority, Graph reach) {}

    /**
     * Whom notifications go to.
     *
     * @param webhook the address that they are posted to, a secret; none for commands that do not call Graph
     * @param webhookSecret what they are signed with
     * @param afterDeadLetters so many dead letters, or requests in doubt, of a batch make a notification
     */
    public record Notifications(
            Optional<SecretReference> webhook, Optional<SecretReference> webhookSecret, int afterDeadLetters) {}

    /**
     * A HashiCorp Vault, or what speaks as one.
     *
     * @param address scheme, host and port
     * @param token opens it
     * @param reach how it is reached: as Graph is
     */
    public record Vault(URI address, SecretReference token, Optional<String> namespace, Graph reach) {}
}
