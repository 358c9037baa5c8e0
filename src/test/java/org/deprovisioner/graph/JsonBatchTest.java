package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deprovisioner.graph.Answers.graph;
import static org.deprovisioner.graph.Answers.http;
import static org.deprovisioner.graph.Answers.page;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deprovisioner.graph.JsonBatch.Part;
import org.deprovisioner.graph.Settlement.Done;
import org.deprovisioner.graph.Settlement.InDoubt;
import org.deprovisioner.graph.Settlement.Success;
import org.deprovisioner.graph.Settlement.Throttled;
import org.junit.jupiter.api.Test;

class JsonBatchTest {

    private static final List<String> IDS = List.of("a", "b", "c");

    private final AnswerRules settling = new AnswerRules(new SplittableRandom(42));

    private Settlement settle(Map<String, GraphAnswer> answers, String id) {
        return settling.settle(answers.get(id), Attempts.first().attempt());
    }

    private static GraphAnswer.Http answered(String responses) {
        return http(200, "{\"responses\":[" + responses + "]}", Map.of("request-id", "whole", "Retry-After", "9"));
    }

    @Test
    void everyCallHasItsIdItsHeadersAndItsBody() {
        String body = JsonBatch.body(List.of(
                new Part("a", "POST", "/deviceManagement/x/deprovision", Optional.of("{\"deprovisionReason\": \"ä\"}")),
                new Part("b", "GET", "/deviceManagement/x?$select=id", Optional.empty())));
        assertThat(body)
                .isEqualTo("{\"requests\":["
                        + "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/deviceManagement/x/deprovision\",\"headers\":"
                        + "{\"Accept\":\"application/json\",\"client-request-id\":\"a\",\"Content-Type\":\"application/json\"},"
                        + "\"body\":{\"deprovisionReason\": \"ä\"}},"
                        + "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/deviceManagement/x?$select=id\",\"headers\":"
                        + "{\"Accept\":\"application/json\",\"client-request-id\":\"b\"}}]}");
    }

    @Test
    void eachAnswerIsItsOwnWhateverTheOrder() {
        Map<String, GraphAnswer> answers = JsonBatch.answers(
                answered(
                        "{\"id\":\"c\",\"status\":204},"
                                + "{\"id\":\"a\",\"status\":429,\"headers\":{\"Retry-After\":\"2.5\"},\"body\":{\"error\":{\"code\":"
                                + "\"TooManyRequests\",\"message\":\"\"}}},"
                                + "{\"id\":\"b\",\"status\":400,\"body\":{\"error\":{\"code\":\"BadRequest\",\"message\":\"no\"}}}"),
                IDS);
        assertThat(answers.keySet()).containsExactly("a", "b", "c");
        assertThat(settle(answers, "a")).isEqualTo(new Throttled(Duration.ofMillis(2500)));
        assertThat(settle(answers, "b"))
                .isInstanceOfSatisfying(
                        Settlement.Dead.class, dead -> assertThat(dead.code()).isEqualTo("BadRequest"));
        assertThat(settle(answers, "c")).isEqualTo(new Done(Success.DEPROVISIONED));
        assertThat(((GraphAnswer.Http) answers.get("c")).requestId()).contains("whole");
    }

    @Test
    void theRetryAfterOfTheWholeIsNotThatOfACall() {
        GraphAnswer answer = JsonBatch.answers(answered("{\"id\":\"a\",\"status\":503}"), List.of("a"))
                .get("a");
        assertThat(((GraphAnswer.Http) answer).headers().get("Retry-After")).isEmpty();
    }

    @Test
    void aCallThatIsMissingOrNamedTwiceOrWithoutAStatusIsInDoubt() {
        Map<String, GraphAnswer> answers = JsonBatch.answers(
                answered("{\"id\":\"a\",\"status\":204},{\"id\":\"a\",\"status\":204},{\"id\":\"b\"}"), IDS);
        for (String id : IDS) {
            assertThat(settle(answers, id)).as(id).isInstanceOf(InDoubt.class);
        }
    }

    @Test
    void anAnswerThatContradictsItselfOrIsDamagedTakesNothingFromTheOthers() {
        for (String broken : List.of(
                "{\"id\":\"a\",\"status\":204,\"status\":404}",
                "{\"id\":\"a\",\"id\":\"a\",\"status\":204}",
                "{\"id\":\"c\",\"id\":\"a\",\"status\":204}",
                "{\"id\":\"a\",\"status\":204.5}",
                "{\"id\":\"a\",\"status\":\"204\"}",
                "{\"id\":\"a\",\"status\":204,\"body\":{\"x\":1,\"x\":2}}",
                "{\"id\":\"a\",\"status\":204},{\"id\":\"a\",\"id\":\"a\"}",
                "7,[],null",
                "{\"id\":\"A\",\"status\":204}")) {
            Map<String, GraphAnswer> answers =
                    JsonBatch.answers(answered(broken + ",{\"id\":\"b\",\"status\":204}"), IDS);
            assertThat(settle(answers, "a")).as(broken).isInstanceOf(InDoubt.class);
            assertThat(settle(answers, "c")).as(broken).isInstanceOf(InDoubt.class);
            assertThat(settle(answers, "b")).as(broken).isEqualTo(new Done(Success.DEPROVISIONED));
        }
    }

    @Test
    void ofAnAnswerThatBreaksOffThoseCountThatCameWhole() {
        String body = "{\"responses\":[{\"id\":\"a\",\"status\":204},{\"id\":\"b\",\"status\":204,\"body\":{\"x\":\"";
        for (GraphAnswer.Extent extent : GraphAnswer.Extent.values()) {
            GraphAnswer whole =
                    new GraphAnswer.Http(200, new Headers(Map.of("request-id", "r")), body, extent, Answers.AT);
            Map<String, GraphAnswer> answers = JsonBatch.answers(whole, IDS);
            assertThat(settle(answers, "b")).isInstanceOf(InDoubt.class);
            if (extent == GraphAnswer.Extent.WHOLE) {
                assertThat(settle(answers, "a")).isInstanceOf(InDoubt.class);
            } else {
                assertThat(settle(answers, "a")).isEqualTo(new Done(Success.DEPROVISIONED));
            }
        }
    }

    @Test
    void twoListsOfAnswersAreNone() {
        GraphAnswer whole = http(
                200,
                "{\"responses\":[{\"id\":\"a\",\"status\":204}],\"responses\":[{\"id\":\"a\",\"status\":404}]}",
                Map.of("request-id", "r"));
        assertThat(settle(JsonBatch.answers(whole, IDS), "a")).isInstanceOf(InDoubt.class);
    }

    @Test
    void aBodyThatIsATextProvesNothing() {
        String error = "{\\\"error\\\":{\\\"code\\\":\\\"ResourceNotFound\\\"}}";
        Map<String, GraphAnswer> answers = JsonBatch.answers(
                answered("{\"id\":\"a\",\"status\":404,\"body\":\"" + error + "\"},"
                        + "{\"id\":\"b\",\"status\":200,\"body\":\"eyJpZCI6IjEifQ==\"}"),
                IDS);
        for (String id : List.of("a", "b")) {
            assertThat(settling.read(answers.get(id), Attempts.first().attempt(), Sought.device(Optional.empty())))
                    .as(id)
                    .isInstanceOf(Settlement.Retry.class);
        }
    }

    @Test
    void aSuccessThatSaysNothingOfTheCallsLeavesThemInDoubtAndAStrangersPausesToo() {
        for (GraphAnswer whole : List.of(
                http(200, "{}", Map.of("request-id", "r")),
                http(204, "", Map.of("request-id", "r")),
                http(200, "<html>", Map.of()),
                http(204, "", Map.of()))) {
            boolean stranger = ((GraphAnswer.Http) whole).requestId().isEmpty();
            assertThat(settle(JsonBatch.answers(whole, IDS), "b"))
                    .isInstanceOfSatisfying(
                            InDoubt.class,
                            doubt -> assertThat(doubt.pause().isPresent()).isEqualTo(stranger));
        }
    }

    @Test
    void whatKeptTheWholeFromBeingAnsweredIsTheAnswerToEach() {
        for (GraphAnswer whole : List.of(graph(429, "TooManyRequests"), page(502), new GraphAnswer.Lost("reset"))) {
            assertThat(JsonBatch.answers(whole, IDS).values()).containsExactly(whole, whole, whole);
        }
    }

    @Test
    void aRefusalOfTheWholeIsToldFromWhatAnyCallMayMeet() {
        for (int status : new int[] {400, 403, 404, 405, 413}) {
            assertThat(AnswerRules.refusalOfTheWhole(graph(status, "No")))
                    .as("%d", status)
                    .isPresent();
            assertThat(AnswerRules.refusalOfTheWhole(page(status)))
                    .as("%d", status)
                    .isEmpty();
        }
        for (int status : new int[] {200, 401, 408, 409, 423, 429, 500, 503}) {
            assertThat(AnswerRules.refusalOfTheWhole(graph(status, "No")))
                    .as("%d", status)
                    .isEmpty();
        }
        assertThat(AnswerRules.refusalOfTheWhole(graph(403, "ApprovalRequired")))
                .isEmpty();
        assertThat(AnswerRules.refusalOfTheWhole(new GraphAnswer.Lost("reset"))).isEmpty();
    }
}
