package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deprovisioner.graph.Answers.http;
import static org.deprovisioner.graph.Answers.page;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deprovisioner.graph.Settlement.Done;
import org.deprovisioner.graph.Settlement.InDoubt;
import org.deprovisioner.graph.Settlement.ReadOnceMore;
import org.deprovisioner.graph.Settlement.Success;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkActionTest {

    private static final List<String> IDS = List.of("a", "b", "c", "d", "e", "f");
    private static final String LISTS = "{\"successfulDeviceIds\":[\"A\",\"f\"],\"failedDeviceIds\":[\"b\",\"f\"],"
            + "\"notFoundDeviceIds\":[\"c\"],\"notSupportedDeviceIds\":[\"d\"]}";

    private final AnswerRules settling = new AnswerRules(new SplittableRandom(42));

    private Settlement settle(GraphAnswer answer, AttemptHistory attempt) {
        return settling.settle(answer, attempt);
    }

    @Test
    void theBodyNamesTheActionTheDevicesAndTheReason() {
        assertThat(BulkAction.body(List.of("a", "b"), "a \"reason\""))
                .isEqualTo("{\"actionName\":\"deprovision\",\"deviceIds\":[\"a\",\"b\"],\"deprovisionReason\":"
                        + "\"a \\\"reason\\\"\",\"keepEnrollmentData\":false,\"keepUserData\":false}");
        assertThat(BulkAction.path(false)).isEqualTo("deviceManagement/managedDevices/executeAction");
        assertThat(BulkAction.path(true)).isEqualTo("deviceManagement/comanagedDevices/executeAction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"value\":" + LISTS + "}", LISTS})
    void eachDeviceIsSettledByTheListThatNamesIt(String body) {
        Map<String, GraphAnswer> answers = BulkAction.answers(http(200, body, Map.of("request-id", "r")), IDS);
        AttemptHistory first = Attempts.first().attempt();
        assertThat(answers.keySet()).containsExactlyElementsOf(IDS);
        assertThat(settle(answers.get("a"), first)).isEqualTo(new Done(Success.DEPROVISIONED));
        assertThat(List.of("b", "d"))
                .allSatisfy(id -> assertThat(settle(answers.get(id), first))
                        .isInstanceOfSatisfying(Settlement.Dead.class, dead -> {
                            assertThat(dead.failure()).isEqualTo(Settlement.Failure.REJECTED_BY_GRAPH);
                            assertThat(dead.code()).endsWith("DeviceIds");
                            assertThat(dead.remedy()).contains("request-id r");
                        }));
        assertThat(settle(answers.get("c"), first)).isInstanceOf(Settlement.Dead.class);
        assertThat(settle(answers.get("c"), Attempts.first().resolved().attempt()))
                .isInstanceOf(ReadOnceMore.class);
        assertThat(List.of("e", "f"))
                .allSatisfy(id -> assertThat(settle(answers.get(id), first)).isInstanceOf(InDoubt.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'successfulDeviceIds':['a'],'successfulDeviceIds':[]}",
                "{'value':{'successfulDeviceIds':['a']},'value':{'failedDeviceIds':['a']}}",
                "{'value':{'successfulDeviceIds':['a']},'failedDeviceIds':['a']}",
                "{'successfulDeviceIds':['a'],'failedDeviceIds':'a'}",
                "{'successfulDeviceIds':['a'],'notFoundDeviceIds':{'0':'a'}}",
                "{'successfulDeviceIds':['a'],'failedDeviceIds':['A']}",
                "{'successfulDeviceIds':['{a}']}",
                "{'successfulDeviceIds':[['a']]}",
                "{'value':['a']}"
            })
    void anAnswerThatContradictsItselfOrIsOfAnotherFormLeavesInDoubt(String body) {
        GraphAnswer whole = http(200, body.replace('\'', '"'), Map.of("request-id", "r"));

        assertThat(settle(
                        BulkAction.answers(whole, IDS).get("a"),
                        Attempts.first().attempt()))
                .isInstanceOf(InDoubt.class);
    }

    @Test
    void withoutAnyListOrAnyAnswerEachDeviceIsInDoubt() {
        for (GraphAnswer whole : List.of(
                http(200, "{\"value\":{}}", Map.of("request-id", "r")),
                http(204, "", Map.of()),
                page(504),
                new GraphAnswer.Lost("reset"))) {
            assertThat(BulkAction.answers(whole, IDS).values())
                    .allSatisfy(
                            answer -> assertThat(settle(answer, Attempts.first().attempt()))
                                    .isInstanceOf(InDoubt.class));
        }
    }
}
