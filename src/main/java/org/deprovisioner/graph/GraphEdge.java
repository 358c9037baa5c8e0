package org.deprovisioner.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Where a route meets Graph, the only class of this package that knows Camel: it makes camel-http's client ours, lets
 * named headers pass and no others, and takes the answer from the exchange.
 */
public final class GraphEdge implements HttpClientConfigurer, HeaderFilterStrategy {

    private static final Set<String> OUT = anyCase(
            "Authorization",
            "Accept",
            "Content-Type",
            "client-request-id",
            "User-Agent",
            MultiAdminApproval.CODE,
            LeavesBy.HEADER);

    private static final Set<String> IN = anyCase(
            "request-id",
            "client-request-id",
            "Date",
            "Retry-After",
            "WWW-Authenticate",
            "Location",
            "Content-Type",
            MultiAdminApproval.CODE,
            GraphHttp.EXTENT,
            Headers.LIMIT_USED,
            Headers.LIMIT_OF,
            Headers.LIMIT_WHY);

    private final GraphHttp http;
    private final boolean justifies;
    private final Clock clock;

    /** @param justifies whether actions tell Intune's approvers why */
    public GraphEdge(GraphHttp http, boolean justifies, Clock clock) {
        this.http = http;
        this.justifies = justifies;
        this.clock = clock;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        http.configure(client);
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, @Nullable Exchange exchange) {
        return !OUT.contains(name) && !(justifies && name.equalsIgnoreCase(MultiAdminApproval.JUSTIFICATION));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, @Nullable Exchange exchange) {
        return !IN.contains(name);
    }

    /**
     * Makes the body the answer to the call that this exchange made. A failure is no answer: what the route catches is told
     * by {@link GraphAnswer#of}.
     */
    public void readAnswer(Exchange exchange) {
        exchange.getMessage().setBody(answer(exchange.getMessage()));
    }

    private GraphAnswer answer(Message message) {
        Map<String, String> headers = new HashMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (IN.contains(name) && value != null) {
                headers.put(name, value instanceof String text ? text : message.getHeader(name, "", String.class));
            }
        });
        GraphAnswer.Extent extent = GraphAnswer.Extent.of(headers.remove(GraphHttp.EXTENT));
        return new GraphAnswer.Http(
                Objects.requireNonNullElse(message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class), 0),
                new Headers(headers),
                body(message),
                extent,
                clock.instant());
    }

    /** Read without Camel's search for a converter, which costs more than the answer. */
    private static String body(Message message) {
        try {
            Object body = message.getBody();
            return body instanceof InputStream whole
                    ? new String(whole.readAllBytes(), StandardCharsets.UTF_8)
                    : body == null ? "" : body.toString();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Set<String> anyCase(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(Set.of(names));
        return set;
    }
}
