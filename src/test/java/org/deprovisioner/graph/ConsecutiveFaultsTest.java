package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deprovisioner.graph.Answers.graph;
import static org.deprovisioner.graph.Answers.http;
import static org.deprovisioner.graph.Answers.page;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deprovisioner.graph.Settlement.Ending;
import org.deprovisioner.graph.Settlement.Paused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a row of answers shows. */
class ConsecutiveFaultsTest {

    private static final GraphAnswer DONE = http(204, "", Map.of());
    private static final GraphAnswer REJECTED = graph(400, "BadRequest");

    private final AnswerRules settling = new AnswerRules(new SplittableRandom(42));
    private final ConsecutiveFaults consecutiveFaults = new ConsecutiveFaults();

    static Stream<Arguments> symptoms() {
        return Stream.of(
                Arguments.of(REJECTED, "rejected:BadRequest", Ending.RESUME),
                Arguments.of(graph(403, "Forbidden"), "forbidden", Ending.RESUME),
                Arguments.of(graph(503, "Busy"), "unavailable", Ending.PROBE),
                Arguments.of(new GraphAnswer.NotSent("refused"), "unavailable", Ending.PROBE),
                Arguments.of(new GraphAnswer.Lost("reset"), "in-doubt", Ending.PROBE),
                Arguments.of(page(502), "in-doubt", Ending.PROBE));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("symptoms")
    void theFifthDeviceInARowPauses(GraphAnswer answer, String cause, Ending ending) {
        for (int device = 1; device <= 4; device++) {
            assertThat(act("device-" + device, answer)).isEmpty();
        }
        assertThat(act("device-5", answer)).hasValueSatisfying(pause -> {
            assertThat(pause.cause()).isEqualTo(cause);
            assertThat(pause.ending()).isEqualTo(ending);
            assertThat(pause.message()).startsWith("5 different devices in a row");
            assertThat(pause.remedy()).isNotEmpty();
        });
    }

    @Test
    void fiveDevicesThatAreAnsweredWithAnotherPauseAndThoseThatAreTooLargeDoNot() {
        GraphAnswer another = http(200, "{\"id\":\"0a1b2c3d-0000-4000-8000-000000000001\",\"id\":\"x\"}", Map.of());
        GraphAnswer large = new GraphAnswer.Http(
                200, new Headers(Map.of()), "{\"value\":[", GraphAnswer.Extent.TOO_LARGE, Answers.AT);
        for (int device = 1; device <= 9; device++) {
            assertThat(read("device-" + device, large)).isEmpty();
            assertThat(read("device-" + device, another).map(Paused::cause))
                    .isEqualTo(device < 5 ? Optional.empty() : Optional.of("strange-answers"));
        }
        assertThat(read("device-9", another).map(Paused::ending)).contains(Ending.RESUME);
    }

    @Test
    void theSameDeviceFiveTimesIsOneDevice() {
        for (int time = 1; time <= 9; time++) {
            assertThat(act("device-1", REJECTED)).isEmpty();
        }
    }

    @Test
    void aSuccessBetweenBeginsAnew() {
        fail(4, REJECTED);
        act("other", DONE);
        assertThat(act("device-5", REJECTED)).isEmpty();
    }

    @Test
    void anotherTenantsDevicesDoNotCount() {
        fail(4, REJECTED);
        Settlement settlement = settling.settle(REJECTED, Attempts.first().attempt());
        assertThat(consecutiveFaults.after("other tenant", "device-5", REJECTED, settlement))
                .isEmpty();
    }

    @Test
    void differentCodesAreDifferentSymptoms() {
        for (int device = 1; device <= 9; device++) {
            assertThat(act("device-" + device, graph(400, "Code" + device))).isEmpty();
        }
    }

    @Test
    void aStreakPausesAgainUntilSomethingSucceeds() {
        fail(5, new GraphAnswer.NotSent("refused"));
        assertThat(act("device-1", new GraphAnswer.NotSent("refused"))).isPresent();
        act("device-1", DONE);
        assertThat(act("device-1", new GraphAnswer.NotSent("refused"))).isEmpty();
    }

    @Test
    void resumeTakesACodeAsTheDevicesOwnFaultUntilSomethingSucceeds() {
        fail(5, REJECTED);
        consecutiveFaults.resumed("tenant", "rejected:BadRequest");
        assertThat(fail(20, REJECTED)).isZero();

        act("other", DONE);
        assertThat(fail(5, REJECTED)).isEqualTo(1);
    }

    @Test
    void resumeTakesNoMissingPermissionForTheDevicesOwnFault() {
        fail(5, graph(403, "Forbidden"));
        consecutiveFaults.resumed("tenant", "forbidden");
        assertThat(fail(5, graph(403, "Forbidden"))).isEqualTo(1);
    }

    @Test
    void aDeviceThatIsNotFoundByAReadNeverCounts() {
        for (int device = 1; device <= 9; device++) {
            assertThat(read("device-" + device, graph(404, "ResourceNotFound"))).isEmpty();
        }
    }

    @Test
    void readsThatPassDoNotHideActionsThatFail() {
        for (int device = 1; device <= 4; device++) {
            act("device-" + device, REJECTED);
            read("device-" + device, http(200, "{\"value\":[]}", Map.of()));
        }
        assertThat(act("device-5", REJECTED)).isPresent();
    }

    @Test
    void readsThatFailPauseToo() {
        for (int device = 1; device <= 4; device++) {
            assertThat(read("device-" + device, page(502))).isEmpty();
        }
        assertThat(read("device-5", new GraphAnswer.Lost("reset")))
                .map(Paused::cause)
                .contains("unavailable");
    }

    @Test
    void manyThreadsCountAsOne() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        AtomicInteger pauses = new AtomicInteger();
        for (int device = 1; device <= 100; device++) {
            String name = "device-" + device;
            threads.execute(() -> act(name, REJECTED).ifPresent(pause -> pauses.incrementAndGet()));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(pauses).hasValue(96);
    }

    private int fail(int devices, GraphAnswer answer) {
        int pauses = 0;
        for (int device = 1; device <= devices; device++) {
            pauses += act("device-" + device, answer).isPresent() ? 1 : 0;
        }
        return pauses;
    }

    private Optional<Paused> act(String device, GraphAnswer answer) {
        return consecutiveFaults.after(
                "tenant",
                device,
                answer,
                settling.settle(answer, Attempts.first().attempt()));
    }

    private Optional<Paused> read(String device, GraphAnswer answer) {
        return consecutiveFaults.after(
                "tenant",
                device,
                answer,
                settling.read(answer, Attempts.first().attempt(), Sought.device(Optional.empty())));
    }
}
