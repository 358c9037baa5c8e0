package org.deprovisioner.graph;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.deprovisioner.settings.Settings;

/** Reads outside of the routes, as a check makes them: never an action. For one thread. */
public final class DiagnosticClient implements AutoCloseable {

    private static final int LONGEST_LIST = 1 << 24;

    private final Settings.Graph settings;
    private final Clock clock;
    private final GraphHttp http;
    private final CloseableHttpClient client;
    private List<X509Certificate> shown = List.of();

    /**
     * @throws IllegalArgumentException when the file of certificate authorities cannot be used
     */
    public DiagnosticClient(Settings.Graph settings, Clock clock) {
        this(settings, clock, GraphHttp.LONGEST_BODY);
    }

    private DiagnosticClient(Settings.Graph settings, Clock clock, int longestBody) {
        this.settings = settings;
        this.clock = clock;
        this.http = new GraphHttp(settings, 1, chain -> shown = chain, longestBody);
        this.client = http.client();
    }

    /**
     * The same for pages of lists, which are as long as Graph makes them, with all that is known of each device.
     *
     * @throws IllegalArgumentException when the file of certificate authorities cannot be used
     */
    public static DiagnosticClient ofLists(Settings.Graph settings, Clock clock) {
        return new DiagnosticClient(settings, clock, LONGEST_LIST);
    }

    /** The same, with this token. */
    public GraphAnswer get(URI address, String bearer) {
        return get(address, Optional.of(bearer));
    }

    /** What an address answers, or the sort of the answer's absence. */
    public GraphAnswer get(URI address, Optional<String> bearer) {
        return get(
                address,
                bearer.map(token -> Map.of(HttpHeaders.AUTHORIZATION, "Bearer " + token))
                        .orElse(Map.of()));
    }

    /** The same, with headers of the caller's own. */
    public GraphAnswer get(URI address, Map<String, String> headers) {
        shown = List.of();
        HttpGet get = new HttpGet(address);
        get.setHeader(HttpHeaders.ACCEPT, "application/json");
        headers.forEach(get::setHeader);
        try {
            return client.execute(get, this::heard);
        } catch (IOException failure) {
            return GraphAnswer.of(failure);
        }
    }

    /** The certificates that the server of the latest call showed, its own first; none where no new connection was made. */
    public List<X509Certificate> shown() {
        return shown;
    }

    /** The proxy that calls of this address go through; empty where they go straight. */
    public Optional<String> proxyFor(URI address) {
        HttpHost target = new HttpHost(address.getScheme(), address.getHost(), address.getPort());
        return settings.proxy()
                .map(ForwardProxy::new)
                .flatMap(proxy -> Optional.ofNullable(proxy.determineProxy(target, HttpCoreContext.create())))
                .map(HttpHost::getHostName);
    }

    private GraphAnswer heard(ClassicHttpResponse answer) throws IOException, ParseException {
        Map<String, String> headers = Arrays.stream(answer.getHeaders())
                .collect(Collectors.toMap(NameValuePair::getName, NameValuePair::getValue, (first, next) -> first));
        String body =
                answer.getEntity() == null ? "" : EntityUtils.toString(answer.getEntity(), StandardCharsets.UTF_8);
        GraphAnswer.Extent extent = GraphAnswer.Extent.of(headers.remove(GraphHttp.EXTENT));
        return new GraphAnswer.Http(answer.getCode(), new Headers(headers), body, extent, clock.instant());
    }

    @Override
    public void close() {
        try (http) {
            client.close();
        } catch (IOException unclosed) {
            // the connections are closed with the pool
        }
    }
}
