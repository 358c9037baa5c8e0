package org.deprovisioner.bench;

import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.kiota.ApiException;
import com.microsoft.kiota.HttpMethod;
import com.microsoft.kiota.RequestInformation;
import com.microsoft.kiota.authentication.AccessTokenProvider;
import com.microsoft.kiota.authentication.AllowedHostsValidator;
import com.microsoft.kiota.authentication.BaseBearerTokenAuthenticationProvider;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loop over what Microsoft's Java SDK for Graph is made of: its request adapter with its own retry handler. The classes
 * that the SDK generates for each path (110 MB for beta) only put URLs together; they are done without.
 */
public final class MicrosoftSdk {

    private MicrosoftSdk() {}

    /**
     * Makes the calls.
     *
     * @param arguments the base URL, how many calls, and how many of them in flight
     */
    public static void main(String[] arguments) throws Exception {
        int calls = Integer.parseInt(arguments[1]);
        BaseGraphRequestAdapter adapter =
                new BaseGraphRequestAdapter(new BaseBearerTokenAuthenticationProvider(new Token()));
        adapter.setBaseUrl(arguments[0]);
        AtomicInteger next = new AtomicInteger();
        Loops.run(Integer.parseInt(arguments[2]), () -> {
            for (int call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
                post(adapter, call);
            }
        });
        System.exit(0); // its connections keep threads that would wait for minutes
    }

    private static void post(BaseGraphRequestAdapter adapter, int call) {
        RequestInformation request = new RequestInformation(
                HttpMethod.POST,
                "{+baseurl}/deviceManagement/managedDevices/{managedDevice%2Did}/deprovision",
                new HashMap<>(Map.of("managedDevice%2Did", Loops.device(call))));
        request.headers.tryAdd("Accept", "application/json");
        request.headers.tryAdd("client-request-id", UUID.randomUUID().toString());
        request.setStreamContent(
                new ByteArrayInputStream(Loops.BODY.getBytes(StandardCharsets.UTF_8)), "application/json");
        try {
            adapter.sendPrimitive(request, new HashMap<>(), Void.class);
        } catch (ApiException refused) {
            // after its own retries: the caller's device is lost, and the stub counts what was refused
        }
    }

    private static final class Token implements AccessTokenProvider {

        private final AllowedHostsValidator hosts = new AllowedHostsValidator("127.0.0.1");

        @Override
        public String getAuthorizationToken(URI uri, Map<String, Object> context) {
            return "bench";
        }

        @Override
        public AllowedHostsValidator getAllowedHostsValidator() {
            return hosts;
        }
    }
}
