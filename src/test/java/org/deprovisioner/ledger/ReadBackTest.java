package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.ReadBack.Decision;
import org.deprovisioner.ledger.ReadBack.Doubt;
import org.deprovisioner.ledger.ReadBack.Seen;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Device.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a sign that an action in doubt was carried out, and what does not. */
class ReadBackTest {

    private static final Instant BEGUN = Instant.parse("2026-11-24T10:00:00.250Z");
    private static final ReadBackSchedule TWO_LOOKS =
            new ReadBackSchedule(List.of(Duration.ofSeconds(30), Duration.ofMinutes(2)), false, 3, Duration.ofHours(1));
    private static final ReadBackSchedule RESEND =
            new ReadBackSchedule(TWO_LOOKS.looks(), true, 3, Duration.ofHours(1));

    private static Device device(Action... actions) {
        Device plain = Rows.device(1);
        return new Device(
                plain.id(),
                "CB-1",
                "5CD1",
                "ChromeOS",
                "ada@example.org",
                "",
                plain.enrolled(),
                Arrays.asList(actions));
    }

    private static Action action(String state, Instant started) {
        return new Action(state, Optional.of(started));
    }

    private static Seen there(Action... actions) {
        return new Seen.There(device(actions));
    }

    private static Doubt doubt(Device before) {
        return doubt(Optional.of(before), false, 0, 0, false, 1);
    }

    private static Doubt doubt(
            Optional<Device> before, boolean accepted, int looks, int gone, boolean cancelled, int attempts) {
        return new Doubt(
                "No answer came.",
                BEGUN,
                before,
                accepted,
                looks,
                gone,
                cancelled,
                attempts,
                Duration.ofMinutes(1),
                accepted ? 204 : 502);
    }

    private static Doubt afterLooks(int looks, int gone) {
        return doubt(Optional.of(device()), false, looks, gone, false, 1);
    }

    private static Finding end(Doubt doubt, Seen seen) {
        return end(ReadBack.decide(doubt, seen, TWO_LOOKS));
    }

    private static Finding end(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.End.class);
        return ((Decision.End) decision).finding();
    }

    private static void assertLooksAgain(Doubt doubt, Seen seen) {
        assertThat(ReadBack.decide(doubt, seen, TWO_LOOKS)).isEqualTo(new Decision.LookAgain(Duration.ofMinutes(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending", "active", "done"})
    void anActionThatBeganSinceTheAttemptConfirmsIt(String state) {
        Finding finding = end(doubt(device()), there(action(state, BEGUN.plusSeconds(2))));
        assertThat(finding.outcome()).isEqualTo(Outcome.CONFIRMED_BY_READ_BACK);
        assertThat(finding.error())
                .contains("No answer came.", state, BEGUN.plusSeconds(2).toString());
        assertThat(finding.httpStatus()).isEqualTo(502);
    }

    @Test
    void clocksMayBeFiveMinutesApartAndNoMore() {
        assertThat(end(doubt(device()), there(action("done", BEGUN.minus(Duration.ofMinutes(5)))))
                        .outcome())
                .isEqualTo(Outcome.CONFIRMED_BY_READ_BACK);
        assertLooksAgain(
                doubt(device()),
                there(action("done", BEGUN.minus(Duration.ofMinutes(5)).minusMillis(1))));
    }

    @Test
    void anActionThatWasSeenBeforeTheAttemptIsNoSignHoweverFarItHasComeSince() {
        Action before = action("pending", BEGUN.minusSeconds(60));
        assertLooksAgain(doubt(device(before)), there(action("done", BEGUN.minusSeconds(60))));
        assertLooksAgain(doubt(device(before)), there(action("failed", BEGUN.minusSeconds(60))));
    }

    @Test
    void anActionThatSaysNotWhenItBeganIsNoSign() {
        assertLooksAgain(doubt(device()), there(new Action("done", Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "canceled", "notsupported", ""})
    void anActionInAnotherStateIsNoSign(String state) {
        assertLooksAgain(doubt(device()), there(action(state, BEGUN.plusSeconds(2))));
    }

    @Test
    void anActionThatFailedRejectsTheRequestUnlessAnotherOneIsUnderWay() {
        Action failed = action("failed", BEGUN.plusSeconds(2));
        Finding rejected = end(doubt(device()), there(failed));
        assertThat(rejected.outcome()).isEqualTo(Outcome.REJECTED_BY_GRAPH);
        assertThat(rejected.remedy()).isNotEmpty();
        assertThat(end(doubt(device()), there(failed, action("pending", BEGUN.plusSeconds(3))))
                        .outcome())
                .isEqualTo(Outcome.CONFIRMED_BY_READ_BACK);
    }

    @Test
    void whereTheDeviceWasNotReadBeforeAnEarlierFailureIsNotTakenForOurs() {
        Doubt unseen = doubt(Optional.empty(), false, 0, 0, false, 1);
        assertLooksAgain(unseen, there(action("failed", BEGUN.minusSeconds(2))));
        assertThat(end(unseen, there(action("failed", Instant.parse("2026-11-24T10:00:00Z"))))
                        .outcome())
                .isEqualTo(Outcome.REJECTED_BY_GRAPH);
        assertThat(end(unseen, there(action("pending", BEGUN.plusSeconds(1)))).outcome())
                .isEqualTo(Outcome.CONFIRMED_BY_READ_BACK);
    }

    @Test
    void twoLooksInARowMustFindItGoneAndItMustHaveBeenThereBefore() {
        ReadBackSchedule many = new ReadBackSchedule(
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                false,
                3,
                Duration.ofHours(1));
        assertThat(ReadBack.decide(afterLooks(0, 0), new Seen.Gone(), many)).isInstanceOf(Decision.LookAgain.class);
        Finding gone = end(ReadBack.decide(afterLooks(1, 1), new Seen.Gone(), many));
        assertThat(gone.outcome()).isEqualTo(Outcome.CONFIRMED_BY_READ_BACK);
        assertThat(gone.error()).contains("gone", "another device could be read");
        assertThat(ReadBack.decide(doubt(Optional.empty(), false, 1, 1, false, 1), new Seen.Gone(), many))
                .isInstanceOf(Decision.LookAgain.class);
    }

    @Test
    void nothingToBeSeenAfterTheLastLookIsUnknown() {
        Finding finding = end(afterLooks(1, 0), there());
        assertThat(finding.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(finding.error()).contains("No answer came.", "may have been deprovisioned or not", "2 looks");
        assertThat(finding.remedy()).contains("force=true");
        assertThat(end(afterLooks(1, 0), new Seen.Gone()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(end(afterLooks(1, 0), new Seen.Nothing("?")).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whoAcceptsADoubleGetsItSentAgainAfterTheLastLookAndNotBefore() {
        assertThat(ReadBack.decide(afterLooks(0, 0), there(), RESEND)).isInstanceOf(Decision.LookAgain.class);
        assertThat(ReadBack.decide(afterLooks(1, 0), there(), RESEND)).isEqualTo(new Decision.SendAgain());
    }

    @Test
    void nothingIsSentAgainThatWasCancelledOrTriedTooOftenOrIsGoneOrWasAccepted() {
        Optional<Device> before = Optional.of(device());
        assertThat(end(ReadBack.decide(doubt(before, false, 1, 0, true, 1), there(), RESEND))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(end(ReadBack.decide(doubt(before, false, 1, 0, false, 3), there(), RESEND))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(end(ReadBack.decide(doubt(before, false, 1, 0, false, 1), new Seen.Gone(), RESEND))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(end(ReadBack.decide(doubt(before, true, 1, 0, false, 1), there(), RESEND))
                        .outcome())
                .isEqualTo(Outcome.DEPROVISIONED);
    }

    @Test
    void looksThatAreNotAnsweredGoOnUntilTheRequestIsTooOldAndThenItIsUnknown() {
        assertThat(ReadBack.unanswered(afterLooks(0, 0), Duration.ofMinutes(5), "503", TWO_LOOKS))
                .isEqualTo(new Decision.LookAgain(Duration.ofMinutes(5)));
        assertThat(end(ReadBack.unanswered(afterLooks(0, 0), Duration.ofMinutes(59), "503", TWO_LOOKS))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatGraphTookIsVerifiedOnlyOnceItIsDone() {
        Doubt accepted = doubt(Optional.of(device()), true, 0, 0, false, 1);
        assertLooksAgain(accepted, there(action("pending", BEGUN)));
        assertThat(end(accepted, there(action("done", BEGUN))).outcome()).isEqualTo(Outcome.CONFIRMED_BY_READ_BACK);
        assertThat(end(accepted, there(action("failed", BEGUN))).outcome()).isEqualTo(Outcome.REJECTED_BY_GRAPH);
        Finding late = end(doubt(Optional.of(device()), true, 1, 0, false, 1), there(action("active", BEGUN)));
        assertThat(late.outcome()).isEqualTo(Outcome.DEPROVISIONED);
        assertThat(late.error()).contains("Not verified", "active");
    }
}
