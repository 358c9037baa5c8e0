package org.deprovisioner.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

    private static final int PLACES = 20;
    private static final Duration WINDOW = Duration.ofSeconds(20);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - WINDOW.toNanos());

    private record Call(long sent, long answered) {}

    /** Sends as fast as the lane lets it, with at most so many calls in flight, and gives each call. */
    private List<Call> simulate(Lane lane, int concurrency, Duration time, LongUnaryOperator latency) {
        long start = now.get();
        List<Call> calls = new ArrayList<>();
        PriorityQueue<Call> inFlight = new PriorityQueue<>(Comparator.comparingLong(call -> call.answered - start));
        while (now.get() - start < time.toNanos()) {
            while (!inFlight.isEmpty() && inFlight.peek().answered - now.get() <= 0) {
                inFlight.remove();
                lane.used(1);
            }
            long wait = inFlight.size() < concurrency ? lane.take(1) : Long.MAX_VALUE;
            if (wait <= 0) {
                Call call = new Call(now.get(), now.get() + latency.applyAsLong(calls.size()));
                calls.add(call);
                inFlight.add(call);
            } else {
                long answer = inFlight.isEmpty() ? Long.MAX_VALUE : inFlight.peek().answered - now.get();
                now.addAndGet(Math.min(wait, answer));
            }
        }
        return calls.stream()
                .map(call -> new Call(call.sent - start, call.answered - start))
                .toList();
    }

    /** The most calls that any window holds when each is counted at an instant between its sending and its answer. */
    private static long mostInAWindow(List<Call> calls, Random random) {
        List<Long> counted = new ArrayList<>();
        for (Call call : calls) {
            int where = random.nextInt(3);
            long latency = call.answered - call.sent;
            counted.add(
                    where == 0
                            ? call.sent
                            : where == 1 ? call.answered : call.sent + (long) (latency * random.nextDouble()));
        }
        Collections.sort(counted);
        int most = 0;
        int first = 0;
        for (int last = 0; last < counted.size(); last++) {
            while (counted.get(last) - counted.get(first) >= WINDOW.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void noWindowEverHoldsMoreCallsThanPlacesWhateverTheLatency(int seed) {
        Random random = new Random(seed);
        Lane lane = new Lane(PLACES, WINDOW, now::get);
        long longest = Duration.ofSeconds(1 + random.nextInt(60)).toNanos();
        List<Call> calls = simulate(
                lane,
                1 + random.nextInt(40),
                Duration.ofMinutes(20),
                call -> random.nextInt(4) == 0 ? 0 : (long) (longest * random.nextDouble()));
        assertThat(calls).isNotEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(mostInAWindow(calls, random)).isLessThanOrEqualTo(PLACES);
        }
    }

    @Test
    void withoutLatencyAlmostAllOfTheQuotaIsUsed() {
        List<Call> calls = simulate(new Lane(PLACES, WINDOW, now::get), 16, WINDOW.multipliedBy(50), call -> 0);
        assertThat(calls.size()).isBetween(PLACES * 50 * 98 / 100, PLACES * 50);
    }

    @Test
    void permitsAreGivenAtEvenDistances() {
        List<Call> calls = simulate(new Lane(PLACES, WINDOW, now::get), 16, WINDOW, call -> 0);
        for (int i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i).sent - calls.get(i - 1).sent).isEqualTo(WINDOW.toNanos() / PLACES);
        }
    }

    @Test
    void afterALongRestThereIsNoBurst() {
        Lane lane = new Lane(PLACES, WINDOW, now::get);
        now.addAndGet(Duration.ofHours(1).toNanos());
        int atOnce = 0;
        while (lane.take(1) <= 0) {
            atOnce++;
        }
        assertThat(atOnce).isLessThanOrEqualTo(2);
    }

    @Test
    void aClosedLaneGivesNothingUntilItsTimeIsOver() {
        Lane lane = new Lane(PLACES, WINDOW, now::get);
        lane.close(Duration.ofSeconds(30));
        lane.close(Duration.ofSeconds(10));
        assertThat(lane.take(1)).isEqualTo(Duration.ofSeconds(30).toNanos());
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
    }

    @Test
    void anUnusedPlaceIsFreeAtOnceAndAUsedOneAWindowAfterItsAnswer() {
        Lane lane = new Lane(1, WINDOW, now::get);
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        now.addAndGet(WINDOW.toNanos());
        assertThat(lane.take(1)).isPositive();
        lane.unused(1);
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        now.addAndGet(WINDOW.toNanos());
        lane.used(1);
        assertThat(lane.take(1)).isEqualTo(WINDOW.toNanos());
        now.addAndGet(WINDOW.toNanos());
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
    }

    @Test
    void severalPlacesAreGivenTogetherOrNotAtAllAndPayForTheirDistance() {
        Lane lane = new Lane(PLACES, WINDOW, now::get);
        long distance = WINDOW.toNanos() / PLACES;
        assertThat(lane.take(15)).isLessThanOrEqualTo(0);
        assertThat(lane.take(5)).isEqualTo(15 * distance);
        now.addAndGet(15 * distance);
        assertThat(lane.take(6)).isPositive();
        assertThat(lane.take(5)).isLessThanOrEqualTo(0);
        lane.used(15);
        now.addAndGet(WINDOW.toNanos() - 1);
        assertThat(lane.take(15)).isPositive();
        now.addAndGet(1);
        assertThat(lane.take(16)).isPositive();
        assertThat(lane.take(15)).isLessThanOrEqualTo(0);
    }

    @Test
    void aPermitIsReturnedOnce() throws Exception {
        Lane lane = new Lane(2, Duration.ofNanos(2), now::get);
        Permit permit = lane.await(1);
        permit.unused();
        permit.unused();
        permit.used();
        now.incrementAndGet();
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        now.incrementAndGet();
        assertThat(lane.take(1)).isLessThanOrEqualTo(0);
        now.incrementAndGet();
        assertThat(lane.take(1)).isPositive();
    }

    @Test
    void whoeverWaitsLongestIsServedFirst() throws Exception {
        Pace pace = pace(Duration.ofMillis(5), System::nanoTime);
        pace.close("default", Duration.ofMillis(300));
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    Permit permit = pace.awaitWrites("default", 1);
                    served.add(number);
                    permit.used();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            threads.add(thread);
            thread.start();
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING
                            || thread.getState() == Thread.State.TERMINATED);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served).hasSize(40).isSorted();
    }

    @Test
    void tenantsWritesAndReadsHaveLanesOfTheirOwn() throws Exception {
        Pace pace = pace(WINDOW, now::get);
        pace.awaitWrites("north", 1);
        pace.awaitWrites("south", 1);
        pace.awaitReads("north", 1);
        assertThat(pace.awaitReads("south", 1)).isNotNull();
    }

    @Test
    void aWaitCanBeInterrupted() throws Exception {
        Pace pace = pace(WINDOW, System::nanoTime);
        pace.awaitWrites("north", 1);
        Thread waiter = new Thread(() -> {
            try {
                pace.awaitWrites("north", 1);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        waiter.interrupt();
        await().until(() -> !waiter.isAlive());
    }

    @Test
    void eachTenantHasAQuotaOfItsOwn() throws Exception {
        Pace pace = new Pace(
                Map.of("north", new Pace.Quota(1, 1, WINDOW), "south", new Pace.Quota(2, 1, WINDOW)), now::get);
        assertThat(pace.awaitWrites("south", 2)).isNotNull();
        assertThatThrownBy(() -> pace.awaitReads("east", 1)).hasMessageContaining("east");
    }

    /** Three tenants with a quota of one call each. */
    private static Pace pace(Duration window, LongSupplier nanoTime) {
        Pace.Quota quota = new Pace.Quota(1, 1, window);
        return new Pace(Map.of("default", quota, "north", quota, "south", quota), nanoTime);
    }
}
