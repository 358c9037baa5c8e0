package org.deprovisioner.listing;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.AttemptHistory;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.graph.UnusableListException;
import org.deprovisioner.listing.Tally.Cut;
import org.deprovisioner.listing.Tally.Kind;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.request.Device;
import org.deprovisioner.token.BearerToken;
import org.deprovisioner.token.Tokens;

/**
 * Reads the devices of a tenant page after page, inside its quota for reads, and gives those that pass a filter to whoever
 * wants them, each once. A page that cannot be read now is tried again; one that repeats is noticed. For one thread.
 */
public final class DeviceListing {

    private static final String FIELDS = "id,deviceName,serialNumber,operatingSystem,userPrincipalName,model,"
            + "managementState,enrolledDateTime,lastSyncDateTime";

    /** Of a thousand devices each, as Graph makes them. */
    private static final int MOST_PAGES = 10_000;

    /** So many pages in a row may bring nothing new before the list counts as one without an end. */
    private static final int OLD_PAGES_IN_A_ROW = 3;

    /** Graph may filter after it has cut the pages, so that many are empty. */
    private static final int EMPTY_PAGES_IN_A_ROW = 1_000;

    /** Somebody waits: what cannot be read now is said soon. */
    private static final int TRIES = 5;

    private static final int THROTTLED_IN_A_ROW = 20;

    private static final String AGAIN = "Run it again.";

    private final URI baseUrl;
    private final Tokens tokens;
    private final DiagnosticClient client;
    private final Pace pace;
    private final AnswerRules rules;
    private final Progress progress;

    /** @param random where the jitter of delays comes from */
    public DeviceListing(
            URI baseUrl, Tokens tokens, DiagnosticClient client, Pace pace, RandomGenerator random, Progress progress) {
        this.baseUrl = baseUrl;
        this.tokens = tokens;
        this.client = client;
        this.pace = pace;
        this.rules = new AnswerRules(random);
        this.progress = progress;
    }

    /**
     * Reads all devices of a tenant.
     *
     * @param tally counts them while they are read
     * @param wanted is given each device that passes the filter
     * @throws org.deprovisioner.token.TokenException when no token is to be had
     */
    public void list(String tenant, DeviceFilter filter, Tally tally, Consumer<Device> wanted)
            throws InterruptedException {
        Reading reading = new Reading(tenant, filter, tally, wanted);
        Optional<String> narrowed = filter.query();
        if (narrowed.isPresent() && !reading.isTaken(narrowed.get())) {
            progress.waits("Graph does not filter by this, so all devices are read and compared here.");
        } else if (narrowed.isPresent()) {
            return;
        }
        reading.readFrom("$select=" + FIELDS);
    }

    /** One tenant's list, while it is read. */
    private final class Reading {

        private final String tenant;
        private final DeviceFilter filter;
        private final Tally tally;
        private final Consumer<Device> wanted;
        private final SeenDevices seen = new SeenDevices();
        private int oldInARow;
        private int emptyInARow;
        private int status;

        Reading(String tenant, DeviceFilter filter, Tally tally, Consumer<Device> wanted) {
            this.tenant = tenant;
            this.filter = filter;
            this.tally = tally;
            this.wanted = wanted;
        }

        /** Reads the list that Graph filters itself; false where it does not take the filter. */
        boolean isTaken(String graphsFilter) throws InterruptedException {
            Pages first = Pages.from(graphsFilter + "&$select=" + FIELDS);
            ReadResult page = read(first);
            boolean refused =
                    page instanceof Settlement.Dead dead && dead.failure() == Settlement.Failure.REJECTED_BY_GRAPH;
            if (!refused) {
                readOn(first, page);
            }
            return !refused;
        }

        void readFrom(String query) throws InterruptedException {
            Pages first = Pages.from(query);
            readOn(first, read(first));
        }

        private void readOn(Pages first, ReadResult firstPage) throws InterruptedException {
            Optional<Pages> at = Optional.of(first);
            ReadResult page = firstPage;
            while (at.isPresent()) {
                if (!(page instanceof ReadResult.Listed listed)) {
                    tally.cut(unread(page, status));
                    return;
                }
                take(listed);
                progress.read(tally);
                if (oldInARow >= OLD_PAGES_IN_A_ROW || emptyInARow >= EMPTY_PAGES_IN_A_ROW) {
                    tally.cut(unusable("up to page %,d, one after another brings no new device"
                            .formatted(at.get().number())));
                    return;
                }
                try {
                    at = at.get().after(listed, baseUrl.toString(), MOST_PAGES);
                } catch (UnusableListException unusable) {
                    tally.cut(unusable(String.valueOf(unusable.getMessage())));
                    return;
                }
                if (at.isPresent()) {
                    page = read(at.get());
                }
            }
        }

        private void take(ReadResult.Listed page) {
            tally.unreadable(page.unreadable());
            long fresh = page.devices().stream().filter(this::isNew).count();
            if (page.devices().isEmpty()) {
                emptyInARow++;
            } else if (fresh == 0) {
                oldInARow++;
                tally.pageWithNothingNew();
            } else {
                emptyInARow = 0;
                oldInARow = 0;
            }
        }

        private boolean isNew(Device device) {
            if (!seen.add(device.id())) {
                tally.repeated();
                return false;
            }
            filter.leavesOut(device).ifPresentOrElse(tally::leftOut, () -> {
                tally.listed();
                wanted.accept(device);
            });
            return true;
        }

        /** A page, or why it cannot be had, after all the tries that make sense while somebody waits. */
        private ReadResult read(Pages page) throws InterruptedException {
            boolean newToken = false;
            int charged = 0;
            for (int throttled = 0; ; ) {
                BearerToken token = tokens.current(tenant);
                Permit permit = pace.awaitReads(tenant, 1);
                GraphAnswer answer =
                        client.get(URI.create(baseUrl + "/" + Search.PATH + "?" + page.query()), token.value());
                permit.used();
                status = answer.status();
                ReadResult result =
                        rules.read(answer, history(answer, charged, newToken, permit), Sought.someDevices());
                if (result instanceof Settlement.Throttled slower && throttled < THROTTLED_IN_A_ROW) {
                    throttled++;
                    permit.refused();
                    pace.close(tenant, slower.laneClosed());
                    waitFor("Graph wants fewer calls (429)", slower.laneClosed());
                } else if (result instanceof Settlement.NewToken renewal) {
                    newToken = true;
                    tokens.invalidate(tenant, token, renewal.claims());
                } else if (result instanceof Settlement.Retry retry) {
                    charged++;
                    waitFor("A page could not be read (" + retry.reason() + ")", retry.delay());
                    Thread.sleep(retry.delay().toMillis());
                } else {
                    permit.passed();
                    return result;
                }
            }
        }

        private void waitFor(String why, Duration time) {
            if (time.toSeconds() > 0) {
                progress.waits("%s; going on in %,d s.".formatted(why, time.toSeconds()));
            }
        }

        private AttemptHistory history(GraphAnswer answer, int charged, boolean newToken, Permit permit) {
            boolean forGood = List.of(403, 409, 423).contains(answer.status());
            return new AttemptHistory(
                    charged,
                    forGood ? 1 : TRIES,
                    Duration.ZERO,
                    Duration.ofDays(1),
                    false,
                    newToken,
                    false,
                    permit.refusalsBefore(),
                    pace.window(tenant),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private static Cut unusable(String why) {
        return new Cut(Kind.UNUSABLE, "the list cannot be read to its end: " + why, AGAIN);
    }

    private static Cut unread(ReadResult page, int status) {
        Kind kind = status == 401 || status == 403 ? Kind.REFUSED : Kind.UNREACHABLE;
        if (page instanceof Settlement.Paused fault) {
            return new Cut(kind, fault.message(), fault.remedy());
        } else if (page instanceof Settlement.Dead dead) {
            return dead.failure() == Settlement.Failure.TOO_LARGE
                    ? new Cut(Kind.UNUSABLE, "a page of the list is larger than 16 MiB; no more is read of one", AGAIN)
                    : new Cut(kind, dead.message(), dead.remedy());
        } else if (page instanceof Settlement.Throttled) {
            return new Cut(
                    Kind.UNREACHABLE,
                    "Graph wanted fewer calls (429) %,d times in a row".formatted(THROTTLED_IN_A_ROW),
                    "Another app uses up the tenant's quota. Run it again later.");
        }
        return new Cut(
                Kind.UNREACHABLE,
                "Graph answered that there is no list of devices",
                "Check deprovision.graph.base-url.");
    }
}
