package org.deprovisioner.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane beside others that take from the same quota, at a server that counts what it refuses; time is simulated. */
class RateTest {

    private static final int QUOTA = 200;
    private static final long WINDOW = Duration.ofSeconds(20).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long SOON = SECOND / 20;

    private final AtomicLong now = new AtomicLong(1);
    private long windowNanos = WINDOW;
    private Lane lane = new Lane(QUOTA, Duration.ofNanos(windowNanos), now::get);
    private final Deque<Long> window = new ArrayDeque<>();
    private final Random random = new Random(7);

    /** How many calls the server lets through in a window, whatever we were told. */
    private int limit = QUOTA;

    /** Which share of all calls the server refuses for reasons of its own, and the rest that it asks for then. */
    private double noise;

    private Optional<Duration> retryAfter = Optional.empty();

    private record Flight(long answer, long sent, int used, boolean taken) {}

    /** What became of our calls and of theirs. */
    private record Tally(int passed, int refused, int theirs, int limit, double windows) {
        /** Which share of what the others left we used. */
        double used() {
            return passed / (limit * windows - theirs);
        }

        double refusedShare() {
            return (double) refused / (passed + refused);
        }
    }

    private boolean take() {
        while (!window.isEmpty() && window.peekFirst() <= now.get() - windowNanos) {
            window.pollFirst();
        }
        window.addLast(now.get());
        return window.size() <= limit;
    }

    /** Sends as fast as the lane lets it while another app makes so many calls a second; refusals bear no Retry-After. */
    private Tally run(long time, double others, LongPredicate storm) {
        return run(time, SOON, () -> others > 0 ? (long) (SECOND / others) : Long.MAX_VALUE / 2, storm);
    }

    /** The same with answers after some time, beside an app whose calls come after so long each. */
    private Tally run(long time, long latency, LongSupplier others, LongPredicate storm) {
        PriorityQueue<Flight> flights = new PriorityQueue<>((one, two) -> Long.compare(one.answer - two.answer, 0));
        long start = now.get();
        long end = start + time;
        long theirNext = start + others.getAsLong();
        int passed = 0;
        int refused = 0;
        int theirs = 0;
        while (now.get() < end) {
            if (theirNext <= now.get()) {
                theirs += take() ? 1 : 0;
                theirNext += others.getAsLong();
            } else if (!flights.isEmpty() && flights.peek().answer <= now.get()) {
                Flight flight = flights.remove();
                lane.used(1);
                if (flight.taken) {
                    passed++;
                    lane.passed(flight.sent, flight.used);
                } else {
                    refused++;
                    double most = Math.min(15, Math.pow(2, lane.refusalsBefore(flight.sent)));
                    lane.refused(flight.sent, flight.used);
                    long first = Math.min(SECOND, windowNanos / 10);
                    lane.close(retryAfter.orElseGet(
                            () -> Duration.ofNanos((long) (first * most * (1 + random.nextDouble()) / 2))));
                }
            } else {
                long wait = flights.size() < 16 ? lane.take(1) : WINDOW;
                if (wait <= 0) {
                    boolean counted = take();
                    boolean taken = counted && !storm.test(now.get() - start) && random.nextDouble() >= noise;
                    flights.add(new Flight(now.get() + latency, now.get(), lane.inUse(), taken));
                } else {
                    long answer = flights.isEmpty() ? WINDOW : flights.peek().answer - now.get();
                    now.addAndGet(Math.max(1, Math.min(wait, Math.min(answer, theirNext - now.get()))));
                }
            }
        }
        flights.forEach(flight -> lane.unused(1));
        return new Tally(passed, refused, theirs, limit, (double) time / windowNanos);
    }

    @Test
    void aloneItUsesTheWholeQuotaAndProvokesNoRefusal() {
        Tally tally = run(20 * WINDOW, 0, at -> false);
        assertThat(tally.refused).isZero();
        assertThat(tally.used()).isGreaterThan(0.98);
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 5})
    void besideAnotherAppItUsesAlmostAllThatIsLeftWithoutProvokingRefusals(double others) {
        run(5 * WINDOW, others, at -> false);
        Tally tally = run(30 * WINDOW, others, at -> false);
        assertThat(tally.used()).isGreaterThan(0.9);
        assertThat(tally.refusedShare()).isLessThan(0.01);
    }

    @Test
    void inAShortWindowItUsesAlmostAllThatIsLeftToo() {
        windowNanos = 2 * SECOND;
        lane = new Lane(QUOTA, Duration.ofNanos(windowNanos), now::get);
        LongSupplier evenly = () -> SECOND / 50;
        run(5 * windowNanos, SOON / 10, evenly, at -> false);
        Tally tally = run(30 * windowNanos, SOON / 10, evenly, at -> false);
        assertThat(tally.used()).isGreaterThan(0.9);
        assertThat(tally.refusedShare()).isLessThan(0.01);
    }

    /** So far apart come calls that know nothing of one another, so many a second. */
    private LongSupplier atRandom(double aSecond) {
        return () -> (long) (-Math.log(1 - random.nextDouble()) * SECOND / aSecond);
    }

    @Test
    void besideAnAppThatCallsAtRandomItLeavesOnlyWhatChanceTakes() {
        run(5 * WINDOW, SOON, atRandom(5), at -> false);
        Tally tally = run(400 * WINDOW, SOON, atRandom(5), at -> false);
        assertThat(tally.used()).isGreaterThan(0.78);
        assertThat(tally.refusedShare()).isLessThan(0.012);
    }

    @Test
    void besideAnAppThatComesAndGoesItFindsWhatIsFreeWithinAFewWindows() {
        int used = 0;
        int refused = 0;
        double free = 0;
        for (int turn = 0; turn < 12; turn++) {
            Tally tally = run(5 * WINDOW, turn % 2 == 0 ? 5 : 0, at -> false);
            used += tally.passed;
            refused += tally.refused;
            free += tally.passed / tally.used();
        }
        assertThat(used / free).isGreaterThan(0.8);
        assertThat((double) refused / (used + refused)).isLessThan(0.015);
    }

    @ParameterizedTest
    @CsvSource({
        "0.005, 1000, 0.7",
        "0.005, 0, 0.7",
        "0.02, 1000, 0.7",
        "0.02, 2000, 0.6",
        "0.02, 0, 0.6",
        "0.05, 0, 0.2"
    })
    void refusalsAtRandomDoNotStarveIt(double share, long millis, double least) {
        noise = share;
        retryAfter = Optional.of(millis).filter(asked -> asked > 0).map(Duration::ofMillis);
        run(5 * WINDOW, 0, at -> false);
        Tally tally = run(200 * WINDOW, 0, at -> false);
        assertThat(tally.used()).isGreaterThan(least);
    }

    @ParameterizedTest
    @ValueSource(ints = {160, 100, 40})
    void aLowerLimitThanItWasToldIsFoundWithinThreeWindows(int lower) {
        run(5 * WINDOW, 0, at -> false);
        limit = lower;
        run(3 * WINDOW, 0, at -> false);
        Tally tally = run(20 * WINDOW, 0, at -> false);
        assertThat(tally.used()).isGreaterThan(0.85);
        assertThat(tally.refusedShare()).isLessThan(0.025);
    }

    @Test
    void aLimitThatIsLoweredWhileCallsAreRefusedAtRandomIsFoundToo() {
        noise = 0.02;
        run(10 * WINDOW, 0, at -> false);
        limit = 60;
        run(3 * WINDOW, 0, at -> false);
        assertThat(run(20 * WINDOW, 0, at -> false).refusedShare()).isLessThan(0.1);
    }

    @Test
    void callsThatWereOnTheirWayTogetherAndRefusedCloseTheLaneNoLongerThanOneDoes() {
        windowNanos = 5 * SECOND;
        lane = new Lane(QUOTA, Duration.ofNanos(windowNanos), now::get);
        run(5 * windowNanos, SECOND / 2, atRandom(20), at -> false);
        assertThat(run(60 * windowNanos, SECOND / 2, atRandom(20), at -> false).used())
                .isGreaterThan(0.6);
    }

    @Test
    void whenTheOtherAppEndsTheWholeQuotaIsUsedAgain() {
        run(10 * WINDOW, 5, at -> false);
        run(10 * WINDOW, 0, at -> false);
        assertThat(run(5 * WINDOW, 0, at -> false).used()).isGreaterThan(0.98);
    }

    @Test
    void aStormThatRefusesEverythingCostsLittleMoreThanItsOwnTime() {
        run(3 * WINDOW, 0, at -> false);
        Tally storm = run(30 * SECOND, 0, at -> true);
        assertThat(storm.refused).isLessThan(10);
        Tally after = run(200 * SECOND, 0, at -> false);
        assertThat(after.passed).isGreaterThan(2000 * 10 / 11);
    }

    @Test
    void refusalsThatCameTogetherSlowItDownOnceAndOneCallTriesAtATime() {
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        long sent = now.get();
        now.addAndGet(SECOND);
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        assertThat(lane.refused(sent, 1)).isPresent();
        assertThat(lane.refused(sent + 1, 2)).isEmpty();
        now.addAndGet(WINDOW);
        assertThat(lane.take(1)).as("two are in flight still").isPositive();
        lane.used(1);
        lane.used(1);
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        long probe = now.get();
        now.addAndGet(SECOND);
        assertThat(lane.take(1)).isPositive();
        lane.passed(sent, 1);
        assertThat(lane.take(1)).isPositive();
        lane.passed(probe, 1);
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
    }

    @Test
    void whatGraphSaysOfItsLimitSlowsItDownOnlyAboveTheLimit() {
        assertThat(lane.advised(now.get(), 0.9)).isEmpty();
        assertThat(lane.advised(now.get(), 1.25).orElseThrow()).isCloseTo(0.8, within(0.01));
    }

    @Test
    void thatItGoesNoFasterIsToldOnceOthersTakeItForHigher() {
        double share = lane.advised(now.get(), 1.25).orElseThrow();
        now.addAndGet(WINDOW);
        assertThat(lane.advised(now.get(), 0.9)).isEmpty();
        now.addAndGet(2 * WINDOW);
        double held = lane.advised(now.get(), 0.9).orElseThrow();
        assertThat(held).isGreaterThan(share).isLessThan(new Rate(share, 0).share(3 * WINDOW, WINDOW));
        assertThat(lane.advised(now.get(), 0.9)).isEmpty();
    }

    @Test
    void itGrowsSlowlyAtFirstThenFasterUpToTheWholeQuota() {
        Rate rate = new Rate(0.5, 0);
        assertThat(rate.share(WINDOW, WINDOW)).isBetween(0.505, 0.515);
        assertThat(rate.share(2 * WINDOW, WINDOW)).isBetween(0.53, 0.56);
        assertThat(rate.share(3 * WINDOW, WINDOW)).isBetween(0.75, 0.85);
        assertThat(rate.share(4 * WINDOW, WINDOW)).isEqualTo(1);
        assertThat(rate.share(1000 * WINDOW, WINDOW)).isEqualTo(1);
        assertThat(Pace.shareNow(0.5, Duration.ofSeconds(20), Duration.ofSeconds(20)))
                .isEqualTo(rate.share(WINDOW, WINDOW));
    }
}
