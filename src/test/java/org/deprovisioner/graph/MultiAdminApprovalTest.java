package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deprovisioner.graph.Answers.graph;
import static org.deprovisioner.graph.Answers.http;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deprovisioner.graph.MultiAdminApproval.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Intune's answers mean where a second administrator has to approve. */
class MultiAdminApprovalTest {

    private static final Instant NOW = Answers.AT;
    private static final String CODE = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final String OTHER = "0a1b2c3d-0000-4000-8000-000000000002";
    private static final String DEVICE = "0a1b2c3d-0000-4000-8000-00000000000d";
    private static final String PATH = "deviceManagement/managedDevices/" + DEVICE + "/deprovision";

    private static final Asked JUSTIFIED = asked(true, "", Duration.ZERO);
    private static final Asked CODED = asked(false, CODE, Duration.ofHours(5));

    private static Asked asked(boolean justified, String code, Duration ago) {
        return new Asked(
                PATH,
                justified,
                Optional.of(code).filter(given -> !given.isEmpty()),
                ago.isZero() ? Optional.empty() : Optional.of(NOW.minus(ago)));
    }

    static Stream<Arguments> answers() {
        Asked blocked = asked(true, "", Duration.ofHours(71));
        Asked blockedForDays = asked(true, "", Duration.ofDays(3));
        Asked codedForDays = asked(false, CODE, Duration.ofDays(3));
        GraphAnswer open = graph(409, "Conflict", "An active Approval Request already exists");
        String inNested = "{\\\"Message\\\":\\\"Approval is needed for " + DEVICE + "\\\",\\\"ApprovalCode\\\":\\\""
                + CODE + "\\\"}";
        return Stream.of(
                arguments("412, code in the header", filed(412), JUSTIFIED, "parked " + CODE + " PT0S"),
                arguments("403, code in the header", filed(403), JUSTIFIED, "parked " + CODE + " PT0S"),
                arguments(
                        "code in the words",
                        graph(412, "ApprovalRequired", "Approval of " + DEVICE + " needed. Approval code: " + CODE),
                        JUSTIFIED,
                        "parked " + CODE + " PT0S"),
                arguments(
                        "code in a nested document",
                        graph(403, "ApprovalRequired", inNested),
                        JUSTIFIED,
                        "parked " + CODE + " PT0S"),
                arguments(
                        "the only id that is not the device's",
                        graph(412, "ApprovalRequired", "Filed for " + DEVICE + " as " + CODE),
                        JUSTIFIED,
                        "parked " + CODE + " PT0S"),
                arguments(
                        "no telling which id is the code",
                        graph(412, "ApprovalRequired", "Filed by " + OTHER + " as " + CODE),
                        JUSTIFIED,
                        "paused approval RESUME"),
                arguments(
                        "a code that is no GUID",
                        http(412, "", Map.of(MultiAdminApproval.CODE, "../me")),
                        JUSTIFIED,
                        "paused approval RESUME"),
                arguments(
                        "a justification that is not taken",
                        graph(400, "BadRequest", "x-msft-approval-justification is too long"),
                        JUSTIFIED,
                        "paused approval RESUME"),
                arguments("another is open", open, JUSTIFIED, "parked none PT0S"),
                arguments("another is still open", open, blocked, "parked none PT71H"),
                arguments("another is open for three days", open, blockedForDays, "dead APPROVAL_REFUSED"),
                arguments("the other one is settled", filed(412), blocked, "parked " + CODE + " PT0S"),
                arguments(
                        "the code does not count yet",
                        graph(412, "ApprovalRequired", "Not approved yet"),
                        CODED,
                        "parked " + CODE + " PT5H"),
                arguments(
                        "the code does not count for three days",
                        graph(412, "ApprovalRequired", "Not approved yet"),
                        codedForDays,
                        "dead APPROVAL_REFUSED"),
                arguments("a code that is open", open, CODED, "parked " + CODE + " PT5H"),
                arguments("done with a code", http(204, "", Map.of()), CODED, "not of approval"),
                arguments("gone", graph(404, "ResourceNotFound"), CODED, "not of approval"),
                arguments("not allowed", graph(403, "Forbidden"), JUSTIFIED, "not of approval"),
                arguments("no answer", new GraphAnswer.Lost("reset"), CODED, "not of approval"),
                arguments("nothing was asked", filed(412), asked(false, "", Duration.ZERO), "not of approval"));
    }

    private static GraphAnswer filed(int status) {
        return http(
                status,
                "{\"error\":{\"code\":\"ApprovalRequired\",\"message\":\"x\"}}",
                Map.of(MultiAdminApproval.CODE, CODE));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("answers")
    void anAnswerParksItsRequestOrSettlesItAsAnyOther(String row, GraphAnswer answer, Asked asked, String expected) {
        assertThat(MultiAdminApproval.settle(answer, asked, NOW)
                        .map(MultiAdminApprovalTest::inWords)
                        .orElse("not of approval"))
                .as(row)
                .isEqualTo(expected);
    }

    private static String inWords(Settlement settlement) {
        if (settlement instanceof Settlement.Parked parked) {
            return "parked " + parked.code().orElse("none") + " " + Duration.between(parked.since(), NOW);
        } else if (settlement instanceof Settlement.Paused pause) {
            return "paused " + pause.cause() + " " + pause.ending();
        }
        return settlement instanceof Settlement.Dead dead ? "dead " + dead.failure() : settlement.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "needsApproval, NEEDS_APPROVAL",
        "approved, APPROVED",
        "rejected, REJECTED",
        "cancelled, CANCELLED",
        "completed, COMPLETED",
        "expired, EXPIRED"
    })
    void aPollTellsHowTheApprovalStands(String word, ApprovalStatus status) {
        assertThat(poll(http(200, "{\"id\":\"" + CODE + "\",\"status\":\"" + word + "\"}", Map.of())))
                .isEqualTo(new ReadResult.ApprovalShown(status));
    }

    @Test
    void aPollThatIsForbiddenPausesAndNamesThePermission() {
        assertThat(poll(graph(403, "Forbidden"))).isInstanceOfSatisfying(Settlement.Paused.class, pause -> {
            assertThat(pause.ending()).isEqualTo(Settlement.Ending.RESUME);
            assertThat(pause.remedy()).contains("DeviceManagementRBAC.Read.All");
        });
    }

    @Test
    void anyOtherAnswerToAPollIsTakenAsThatToAnyRead() {
        assertThat(poll(graph(404, "ResourceNotFound"))).isEqualTo(new ReadResult.Gone());
        assertThat(poll(graph(401, "x"))).isInstanceOf(Settlement.NewToken.class);
        assertThat(poll(new GraphAnswer.Lost("reset"))).isInstanceOf(Settlement.Retry.class);
        assertThat(poll(http(200, "<html>", Map.of()))).isInstanceOf(Settlement.Paused.class);
    }

    private static ReadResult poll(GraphAnswer answer) {
        return MultiAdminApproval.poll(
                CODE,
                answer,
                new AnswerRules(new SplittableRandom(42)),
                Attempts.first().attempt());
    }

    @Test
    void aJustificationTravelsAsBase64OfUtf8() {
        assertThat(MultiAdminApproval.header("Zurück, Größe")).isEqualTo("WnVyw7xjaywgR3LDtsOfZQ==");
    }
}
