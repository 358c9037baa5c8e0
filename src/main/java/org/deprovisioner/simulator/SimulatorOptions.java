package org.deprovisioner.simulator;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * How a simulator is set up.
 *
 * @param folder where {@code ca.pem} and {@code calls.jsonl} are written; made when it is not there
 * @param port the loopback port; 0 for any free one
 * @param population the managed devices of the tenant
 * @param limits how many calls are taken in a time
 * @param app the one app that is registered in the tenant
 * @param showing how late an action shows in Graph
 */
public record SimulatorOptions(Path folder, int port, Population population, Limits limits, App app, Showing showing) {

    /** A thousand devices, Graph's own limits, and an app with all permissions, on any free port. */
    public static SimulatorOptions in(Path folder) {
        return new SimulatorOptions(folder, 0, new Population(1000), Limits.GRAPH, App.REGISTERED, Showing.AT_ONCE);
    }

    /** The same on this port. */
    public SimulatorOptions port(int port) {
        return new SimulatorOptions(folder, port, population, limits, app, showing);
    }

    /** The same with these devices. */
    public SimulatorOptions population(Population population) {
        return new SimulatorOptions(folder, port, population, limits, app, showing);
    }

    /** The same with these limits. */
    public SimulatorOptions limits(Limits limits) {
        return new SimulatorOptions(folder, port, population, limits, app, showing);
    }

    /** The same with this app. */
    public SimulatorOptions app(App app) {
        return new SimulatorOptions(folder, port, population, limits, app, showing);
    }

    /** The same with actions that show as late as this. */
    public SimulatorOptions showing(Showing showing) {
        return new SimulatorOptions(folder, port, population, limits, app, showing);
    }

    /** How {@code 429} says when to come again. */
    public enum RetryAfter {
        /** Whole seconds, rounded up. */
        SECONDS,
        /** Seconds and thousandths. */
        DECIMALS,
        /** The instant itself. */
        HTTP_DATE,
        /** Not at all. */
        MISSING
    }

    /**
     * At most so many calls in any window of time, refused ones included.
     *
     * @param writes calls that change something; 0 for no limit
     * @param reads calls that do not; 0 for no limit
     * @param window any stretch of time as long as this
     * @param retryAfter how a refusal says when to come again
     */
    public record Limits(int writes, int reads, Duration window, RetryAfter retryAfter) {

        /** What Graph documents for Intune's devices. */
        public static final Limits GRAPH = new Limits(200, 2000, Duration.ofSeconds(20), RetryAfter.SECONDS);

        /** Every call is taken. */
        public static final Limits NONE = new Limits(0, 0, Duration.ofSeconds(20), RetryAfter.SECONDS);

        /** The same, with another way to say when to come again. */
        public Limits retryAfter(RetryAfter retryAfter) {
            return new Limits(writes, reads, window, retryAfter);
        }
    }

    /**
     * The app that may sign in.
     *
     * @param clientSecret its only secret
     * @param roles the permissions that its tokens carry
     * @param tokenLifetime how long a token is good, in whole seconds
     */
    public record App(
            String tenantId, String clientId, String clientSecret, Set<String> roles, Duration tokenLifetime) {

        /** An app with all permissions and tokens for an hour. */
        public static final App REGISTERED = new App(
                "7a3c1f0e-52b4-4d7b-9f61-3f0c8e2d6a15",
                "c2f9b6d4-8e17-4a53-b0c9-61d27e4f8a3b",
                "simulated-secret",
                Set.of(
                        "DeviceManagementManagedDevices.PrivilegedOperations.All",
                        "DeviceManagementManagedDevices.Read.All",
                        "DeviceManagementManagedDevices.ReadWrite.All",
                        "DeviceManagementRBAC.Read.All"),
                Duration.ofHours(1));

        /** The same with other permissions. */
        public App roles(Set<String> roles) {
            return new App(tenantId, clientId, clientSecret, roles, tokenLifetime);
        }

        /** The same with tokens that live as long as this. */
        public App tokenLifetime(Duration tokenLifetime) {
            return new App(tenantId, clientId, clientSecret, roles, tokenLifetime);
        }

        @Override
        public String toString() {
            return "App[" + clientId + " in " + tenantId + "]";
        }
    }

    /**
     * How late an action shows.
     *
     * @param after how long after the action nothing of it is to be seen
     * @param done how long after the action it has come to its end; {@code pending} before
     * @param end what its end is
     */
    public record Showing(Duration after, Duration done, End end) {

        /** Pending at once, done after an hour. */
        public static final Showing AT_ONCE = new Showing(Duration.ZERO, Duration.ofHours(1), End.DONE);

        /** Nothing of it is ever to be seen. */
        public static final Showing NEVER = new Showing(Duration.ofDays(36_500), Duration.ofDays(36_500), End.DONE);

        /** What JSON left out is as it is at once. */
        public Showing {
            after = after == null ? AT_ONCE.after() : after;
            done = done == null ? AT_ONCE.done() : done;
            end = end == null ? End.DONE : end;
        }

        /** Pending at once, and at its end after this time. */
        public static Showing ending(End end, Duration after) {
            return new Showing(Duration.ZERO, after, end);
        }
    }

    /** How an action ends. */
    public enum End {
        /** It is shown as {@code done}. */
        @JsonProperty("done")
        DONE,
        /** It is shown as {@code failed}. */
        @JsonProperty("failed")
        FAILED,
        /** The device is not found any more. */
        @JsonProperty("gone")
        GONE
    }
}
