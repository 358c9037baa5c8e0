package org.deprovisioner.dispatch;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.Search;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.token.BearerToken;
import org.jspecify.annotations.Nullable;

/**
 * A page of all devices of a tenant, read to count those of the operating systems that are acted on.
 *
 * @param page which page
 * @param counted how many the pages before it hold
 */
public record FleetPage(
        String tenant,
        String baseUrl,
        Pages page,
        long counted,
        String clientRequestId,
        Optional<BearerToken> token,
        Optional<Permit> permit,
        Optional<GraphAnswer> answer)
        implements GraphCall {

    /** So many pages of a tenant's devices are read at most: of a thousand devices each, as Graph makes them. */
    static final int MOST = 10_000;

    static FleetPage first(String tenant, String baseUrl) {
        return of(tenant, baseUrl, Pages.from("$select=id,operatingSystem"), 0);
    }

    private static FleetPage of(String tenant, String baseUrl, Pages page, long counted) {
        String id = UUID.randomUUID().toString();
        return new FleetPage(tenant, baseUrl, page, counted, id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The page after this one. */
    FleetPage next(Pages following, long more) {
        return of(tenant, baseUrl, following, counted + more);
    }

    /** Whether it is still to be read. */
    public boolean isOpen() {
        return answer.isEmpty();
    }

    /** As the read of a tenant for no request, which it is but for its query. */
    Call asProbe() {
        return new Call(
                Call.Kind.PROBE,
                tenant,
                Optional.empty(),
                baseUrl,
                Optional.empty(),
                Optional.empty(),
                clientRequestId,
                token,
                permit,
                false,
                answer);
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String uri() {
        return baseUrl + "/" + Search.PATH;
    }

    @Override
    public String query() {
        return page.query();
    }

    @Override
    public @Nullable String contentType() {
        return null;
    }

    @Override
    public @Nullable String body() {
        return null;
    }

    @Override
    public boolean begun() {
        return false;
    }

    @Override
    public List<Call> calls() {
        return List.of();
    }

    @Override
    public FleetPage only(List<Call> some) {
        return this;
    }

    @Override
    public boolean isWrite() {
        return false;
    }

    @Override
    public int places() {
        return 1;
    }

    @Override
    public FleetPage with(BearerToken acquired) {
        return new FleetPage(tenant, baseUrl, page, counted, clientRequestId, Optional.of(acquired), permit, answer);
    }

    @Override
    public FleetPage with(Permit given) {
        return new FleetPage(tenant, baseUrl, page, counted, clientRequestId, token, Optional.of(given), answer);
    }

    @Override
    public FleetPage with(GraphAnswer received) {
        return new FleetPage(tenant, baseUrl, page, counted, clientRequestId, token, permit, Optional.of(received));
    }

    @Override
    public FleetPage recorded() {
        return this;
    }
}
