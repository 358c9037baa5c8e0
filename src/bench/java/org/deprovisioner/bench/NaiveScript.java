package org.deprovisioner.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** What a script does: one call after the other, and a rest when it is refused. */
public final class NaiveScript {

    private NaiveScript() {}

    /**
     * Makes the calls.
     *
     * @param arguments the base URL, and how many calls
     */
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int call = 0; call < Integer.parseInt(arguments[1]); call++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(Loops.url(arguments[0], call)))
                    .header("Authorization", "Bearer bench")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Loops.BODY))
                    .build();
            HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
            while (response.statusCode() == 429) {
                double seconds = Double.parseDouble(
                        response.headers().firstValue("Retry-After").orElse("1"));
                TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
                response = client.send(request, HttpResponse.BodyHandlers.discarding());
            }
        }
    }
}
