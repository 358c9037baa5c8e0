package org.deprovisioner.graph;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/** What came back of a call: an answer, or the sort of its absence. */
public sealed interface GraphAnswer {

    /** The HTTP answer that this is, or is a part of; empty when none came. */
    default Optional<Http> http() {
        return Optional.empty();
    }

    /** Its HTTP status; 0 when none came. */
    default int status() {
        return http().map(Http::status).orElse(0);
    }

    /** Graph's code of its own error; empty when there is none. */
    default String graphCode() {
        return http().flatMap(Http::error).map(GraphError::code).orElse("");
    }

    /** Graph's name of the call; empty when it gave none. */
    default String graphRequestId() {
        return http().flatMap(Http::requestId).orElse("");
    }

    /**
     * Something answered, be it Graph or not.
     *
     * @param body the body as text without a byte order mark, at most 1 MiB of it
     * @param extent how much of the body came
     * @param at when the answer came
     */
    record Http(int status, Headers headers, String body, Extent extent, Instant at) implements GraphAnswer {

        private static final String BYTE_ORDER_MARK = "\uFEFF";

        public Http {
            body = body.startsWith(BYTE_ORDER_MARK) ? body.substring(BYTE_ORDER_MARK.length()) : body;
        }

        /** An answer that came whole. */
        public Http(int status, Headers headers, String body, Instant at) {
            this(status, headers, body, Extent.WHOLE, at);
        }

        @Override
        public Optional<Http> http() {
            return Optional.of(this);
        }

        /** Graph's own error; empty for a success, and for the page of a proxy. */
        public Optional<GraphError> error() {
            return status < 400 ? Optional.empty() : GraphError.in(body);
        }

        /** Graph's name of the call, from the header or else the error. */
        public Optional<String> requestId() {
            return headers.requestId()
                    .or(() -> error().map(GraphError::requestId).filter(id -> !id.isEmpty()));
        }
    }

    /** How much of a body came. */
    enum Extent {
        WHOLE,
        /** It broke off, or went on for longer than a call may take. */
        BROKEN_OFF,
        /** It is longer than what is read of one. */
        TOO_LARGE;

        /** As {@link GraphHttp} says it; an answer without a body came whole. */
        static Extent of(@Nullable String said) {
            return said == null ? WHOLE : valueOf(said);
        }
    }

    /**
     * A bulk action was answered, and this is what the answer says of one device.
     *
     * @param whole the answer as a whole
     */
    record Listed(Verdict verdict, Http whole) implements GraphAnswer {

        @Override
        public Optional<Http> http() {
            return Optional.of(whole);
        }
    }

    /** The list of a bulk action's answer that names a device. */
    enum Verdict {
        SUCCESSFUL("successfulDeviceIds"),
        FAILED("failedDeviceIds"),
        NOT_FOUND("notFoundDeviceIds"),
        NOT_SUPPORTED("notSupportedDeviceIds");

        private final String list;

        Verdict(String list) {
            this.list = list;
        }

        String list() {
            return list;
        }
    }

    /** The call surely did not leave: refused, no connection in time, or none free in the pool. */
    record NotSent(String reason) implements GraphAnswer {}

    /** The call did not leave, for it would have been too late after its attempt was recorded; another may. */
    record TooLate() implements GraphAnswer {}

    /** The call surely did not leave, and no other would: the name is unknown, the proxy refuses, or TLS fails. */
    record Unreachable(Fault fault, String reason) implements GraphAnswer {}

    /** The call may have left, and nothing came back that could be understood. */
    record Lost(String reason) implements GraphAnswer {}

    /** What keeps every call from leaving. */
    enum Fault {
        UNKNOWN_HOST,
        PROXY,
        TLS
    }

    /**
     * Which absence of an answer an exception of the HTTP client means. Whatever is not known to come before the
     * request left counts as lost.
     */
    static GraphAnswer of(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
        if (any(causes, TooLateException.class)) {
            return new TooLate();
        }
        boolean neverSent = any(causes, NeverSentException.class);
        String reason = causes.stream()
                .filter(cause -> !(cause instanceof NeverSentException && cause.getCause() != null))
                .findFirst()
                .map(GraphAnswer::words)
                .orElse("");
        if (any(causes, UnknownHostException.class)) {
            return new Unreachable(Fault.UNKNOWN_HOST, reason);
        }
        if (any(causes, ProxyRefusedException.class)) {
            return new Unreachable(Fault.PROXY, reason);
        }
        if (any(causes, SSLHandshakeException.class)
                || any(causes, SSLPeerUnverifiedException.class)
                || (neverSent && any(causes, SSLException.class))) {
            return new Unreachable(Fault.TLS, reason);
        }
        boolean notSent = neverSent
                || any(causes, ConnectException.class)
                || any(causes, ConnectTimeoutException.class)
                || any(causes, NoRouteToHostException.class)
                || any(causes, ConnectionRequestTimeoutException.class);
        return notSent ? new NotSent(reason) : new Lost(reason);
    }

    private static boolean any(List<Throwable> causes, Class<? extends Throwable> type) {
        return causes.stream().anyMatch(type::isInstance);
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
