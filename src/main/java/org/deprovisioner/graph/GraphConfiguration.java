package org.deprovisioner.graph;

import java.time.Clock;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.support.SimpleTypeConverter;
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

    /** Camel looks through all its converters for the word of a method, call by call, unless there is one for it. */
    @Override
    public void configure(CamelContext camel) {
        camel.getTypeConverterRegistry()
                .addTypeConverter(
                        HttpMethods.class,
                        String.class,
                        new SimpleTypeConverter(
                                false, (type, exchange, word) -> HttpMethods.valueOf(String.valueOf(word))));
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
