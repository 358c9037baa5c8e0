package org.deprovisioner.bench;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** The measure of all things: a pooled HttpClient that keeps so many calls in flight, and remembers nothing. */
public final class BareLoop {

    private BareLoop() {}

    /**
     * Makes the calls.
     *
     * @param arguments the base URL, how many calls, and how many of them in flight
     */
    public static void main(String[] arguments) throws Exception {
        int calls = Integer.parseInt(arguments[1]);
        int inFlight = Integer.parseInt(arguments[2]);
        AtomicInteger next = new AtomicInteger();
        try (CloseableHttpClient client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(inFlight)
                        .setMaxConnTotal(inFlight)
                        .build())
                .disableAutomaticRetries()
                .build()) {
            Loops.run(inFlight, () -> {
                for (int call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
                    post(client, arguments[0], call);
                }
            });
        }
    }

    private static void post(CloseableHttpClient client, String baseUrl, int call) throws IOException {
        HttpPost post = new HttpPost(Loops.url(baseUrl, call));
        post.setHeader("Authorization", "Bearer bench");
        post.setHeader("Accept", "application/json");
        post.setHeader("client-request-id", UUID.randomUUID().toString());
        post.setEntity(new StringEntity(Loops.BODY, ContentType.APPLICATION_JSON));
        client.execute(post, response -> {
            EntityUtils.consume(response.getEntity());
            return response.getCode();
        });
    }
}
