package org.deprovisioner.bench;

import com.microsoft.graph.beta.devicemanagement.manageddevices.item.deprovision.DeprovisionPostRequestBody;
import com.microsoft.graph.beta.serviceclient.GraphServiceClient;
import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.graph.core.requests.GraphClientFactory;
import com.microsoft.kiota.ApiException;
import com.microsoft.kiota.authentication.AccessTokenProvider;
import com.microsoft.kiota.authentication.AllowedHostsValidator;
import com.microsoft.kiota.authentication.BaseBearerTokenAuthenticationProvider;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A loop over Microsoft's Java SDK for Graph's beta version, as it comes: with its own retry handler. */
public final class MicrosoftSdk {

    private MicrosoftSdk() {}

    /**
     * Makes the calls.
     *
     * @param arguments the base URL, how many calls, and how many of them in flight
     */
    public static void main(String[] arguments) throws Exception {
        int calls = Integer.parseInt(arguments[1]);
        BaseGraphRequestAdapter adapter = new BaseGraphRequestAdapter(
                new BaseBearerTokenAuthenticationProvider(new Token()),
                BaseGraphRequestAdapter.Clouds.GLOBAL_CLOUD,
                "beta",
                GraphClientFactory.create(GraphServiceClient.getGraphClientOptions())
                        .build());
        adapter.setBaseUrl(arguments[0]);
        GraphServiceClient graph = new GraphServiceClient(adapter);
        AtomicInteger next = new AtomicInteger();
        Loops.run(Integer.parseInt(arguments[2]), () -> {
            for (int call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
                post(graph, call);
            }
        });
        System.exit(0); // its connections keep threads that would wait for minutes
    }

    private static void post(GraphServiceClient graph, int call) {
        DeprovisionPostRequestBody body = new DeprovisionPostRequestBody();
        body.setDeprovisionReason(Loops.REASON);
        try {
            graph.deviceManagement()
                    .managedDevices()
                    .byManagedDeviceId(Loops.device(call))
                    .deprovision()
                    .post(body);
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
