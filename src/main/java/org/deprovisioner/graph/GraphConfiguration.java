package org.deprovisioner.graph;

import java.time.Clock;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;

/** Wires the HTTP endpoint of Graph. */
public final class GraphConfiguration implements CamelConfiguration {

    private final GraphHttp http;
    private final boolean justifies;
    private final Clock clock;

    /**
     * Wires the endpoint with its pool of connections.
     *
     * @param justifies whether actions tell Intune's approvers why
     */
    public GraphConfiguration(GraphHttp http, boolean justifies, Clock clock) {
        this.http = http;
        this.justifies = justifies;
        this.clock = clock;
    }

    @BindToRegistry("graphConnections")
    public HttpClientConnectionManager connections() {
        return http.connections();
    }

    @BindToRegistry("graphEdge")
    public GraphEdge edge() {
        return new GraphEdge(http, justifies, clock);
    }
}
