package org.deprovisioner.simulator;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong on demand. Of the faults that are set, a call meets the first that it matches.
 *
 * <p>Inside a {@code $batch} the effect on a part is its status; a part that is reset or hangs is missing from the
 * answers. Of a bulk action each device can be met by its id: a status puts it among the failed ones, a reset or hang
 * leaves it out of every list. Delays hold back whole calls alone.
 *
 * @param match the calls that it strikes
 * @param effect what becomes of them
 */
public record Fault(Match match, Effect effect) {

    /** A fault without an effect, or for all calls, when one of the two is left out. */
    public Fault {
        match = match == null ? Match.ALL : match;
        effect = effect == null ? Effect.NONE : effect;
    }

    /**
     * Which calls are struck; what is left out matches all.
     *
     * @param method the HTTP method
     * @param path a regular expression that is found somewhere in the path, as it was sent
     * @param deviceId the Intune id of the device that the path names
     * @param rate the share of the matching calls that is struck, from 0 to 1; 0 for all of them
     * @param seed makes the dice of {@code rate} fall alike each time
     * @param times how many calls are struck before the fault is used up; 0 for no end
     */
    public record Match(
            @Nullable String method,
            @Nullable String path,
            @Nullable String deviceId,
            double rate,
            long seed,
            int times) {

        /** Every call. */
        public static final Match ALL = new Match(null, null, null, 0, 0, 0);

        /** Every call that deprovisions one device. */
        public static final Match DEPROVISION = ALL.method("POST").path("/deprovision$");

        /** Every call for a token. */
        public static final Match TOKEN = ALL.path("/oauth2/v2\\.0/token$");

        /** Rejects a rate that is none. */
        public Match {
            if (rate < 0 || rate > 1) {
                throw new IllegalArgumentException("A rate of " + rate + ": give 0 to 1");
            }
        }

        /** Of these, the calls with this method. */
        public Match method(String method) {
            return new Match(method, path, deviceId, rate, seed, times);
        }

        /** Of these, the calls whose path has this regular expression in it. */
        public Match path(String path) {
            return new Match(method, path, deviceId, rate, seed, times);
        }

        /** Of these, the calls for this device. */
        public Match device(String deviceId) {
            return new Match(method, path, deviceId, rate, seed, times);
        }

        /** A share of these, by chance. */
        public Match rate(double rate, long seed) {
            return new Match(method, path, deviceId, rate, seed, times);
        }

        /** The first few of these. */
        public Match times(int times) {
            return new Match(method, path, deviceId, rate, seed, times);
        }
    }

    /** How a call ends. */
    public enum Ending {
        /** With an answer. */
        @JsonProperty("answer")
        ANSWER,
        /** The connection is reset, and nothing more is sent. */
        @JsonProperty("reset")
        RESET,
        /** No answer ever comes. */
        @JsonProperty("hang")
        HANG
    }

    /**
     * What becomes of a call.
     *
     * @param execute whether it is carried out all the same, quota and checks included
     * @param delay how long the answer is held back
     * @param ending how it ends
     * @param status the status of the answer; 0 for the answer that would have come anyway
     * @param code with a code, the answer is Graph's own JSON error, else a stranger's, without {@code request-id}
     * @param headers further headers of the answer
     * @param body a stranger's body
     */
    public record Effect(
            boolean execute,
            Duration delay,
            Ending ending,
            int status,
            @Nullable String code,
            Map<String, String> headers,
            String body) {

        /** Nothing goes wrong. */
        public static final Effect NONE = new Effect(true, Duration.ZERO, Ending.ANSWER, 0, null, Map.of(), "");

        /** The connection is reset before anything is executed. */
        public static final Effect RESET = new Effect(false, Duration.ZERO, Ending.RESET, 0, null, Map.of(), "");

        /** No answer comes, and nothing is executed. */
        public static final Effect HANG = new Effect(false, Duration.ZERO, Ending.HANG, 0, null, Map.of(), "");

        /** What JSON left out is nothing. */
        public Effect {
            delay = delay == null ? Duration.ZERO : delay;
            ending = ending == null ? Ending.ANSWER : ending;
            headers = headers == null ? Map.of() : Map.copyOf(headers);
            body = body == null ? "" : body;
            if (status != 0 && (status < 200 || status > 599)) {
                throw new IllegalArgumentException("A status of " + status + ": give 200 to 599, or 0 for Graph's own");
            }
        }

        /** Graph's own JSON error. */
        public static Effect error(int status, String code) {
            return new Effect(false, Duration.ZERO, Ending.ANSWER, status, code, Map.of(), "");
        }

        /** A stranger's page, as a proxy or a gateway shows it. */
        public static Effect page(int status, String html) {
            return new Effect(
                    false, Duration.ZERO, Ending.ANSWER, status, null, Map.of("Content-Type", "text/html"), html);
        }

        /** A redirect that keeps method and body. */
        public static Effect redirect(URI location) {
            return new Effect(
                    false, Duration.ZERO, Ending.ANSWER, 307, null, Map.of("Location", location.toString()), "");
        }

        /** The right answer, but late. */
        public static Effect delay(Duration delay) {
            return NONE.late(delay);
        }

        /** The same, after the call was carried out. */
        public Effect afterExecuting() {
            return new Effect(true, delay, ending, status, code, headers, body);
        }

        /** The same, but late. */
        public Effect late(Duration delay) {
            return new Effect(execute, delay, ending, status, code, headers, body);
        }

        /** The same with these headers. */
        public Effect headers(Map<String, String> headers) {
            return new Effect(execute, delay, ending, status, code, headers, body);
        }
    }
}
