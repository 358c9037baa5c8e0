package org.deprovisioner.token;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Polls as a device code must be polled for: where the server says {@code slow_down}, each poll from then on waits five
 * seconds longer. MSAL gives up at that word; it is told that the authorization is pending.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-3.5">RFC 8628, section 3.5</a>
 */
final class PatientPolling implements IHttpClient {

    static final Duration STEP = Duration.ofSeconds(5);

    private static final Pattern SLOW_DOWN = Pattern.compile("\"error\"\\s*:\\s*\"slow_down\"");

    private final MsalHttp http;
    private final Duration step;
    private final AtomicInteger steps = new AtomicInteger();

    /** @param step by how much each poll waits longer after each {@code slow_down} */
    PatientPolling(MsalHttp http, Duration step) {
        this.http = http;
        this.step = step;
    }

    @Override
    public IHttpResponse send(HttpRequest request) throws Exception {
        TimeUnit.MILLISECONDS.sleep(step.multipliedBy(steps.get()).toMillis());
        IHttpResponse response = http.send(request);
        if (!SLOW_DOWN.matcher(response.body()).find()) {
            return response;
        }
        steps.incrementAndGet();
        return new MsalHttp.Heard(
                response.statusCode(),
                response.headers(),
                SLOW_DOWN.matcher(response.body()).replaceFirst("\"error\":\"authorization_pending\""));
    }
}
