package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.LeavesBy;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.BearerToken;
import org.deprovisioner.token.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that stood still between the attempt and the call: what did not leave is as if it had not been begun. */
class TooLateToLeaveTest extends LedgerFixture {

    private final Pace pace = new Pace(Map.of(TENANT, new Pace.Quota(1, 1, Duration.ofMillis(1))), System::nanoTime);

    @BeforeEach
    void makeTwoReady() {
        makeReady("leavers", Rows.rows(1, 2));
    }

    @AfterEach
    void stop() {
        pace.stop();
    }

    private ActionSettlements settlements() {
        TenantMemory memory = new TenantMemory(ledger.pauses());
        Tokens tokens = new Tokens(
                Map.of(), URI.create("https://graph.example"), data, HttpClients.createMinimal(), clock, new Random());
        Tenants tenants = new Tenants(ledger.pauses(), pace, tokens, memory, clock);
        Settings.Pace limits =
                new Settings.Pace(1, Duration.ofMillis(1), 1, 1, Settings.Mode.SINGLE, 1, 5, Duration.ofDays(1));
        AnswerReader answers =
                new AnswerReader(limits, true, new AnswerRules(new Random()), ledger.pauses(), tenants, memory, clock);
        return new ActionSettlements(
                ledger.resolutions(),
                ledger.attempts(),
                tenants,
                memory,
                answers,
                new ApprovalSettlements(ledger.attempts(), ledger.awaitingApproval(), clock),
                false,
                clock);
    }

    private Call action() {
        return Call.of(new Action(leaseOne(), Optional.empty()), "https://graph.example/beta");
    }

    private Call begun(Call call) throws Exception {
        ledger.attempts().begin(call.attempts());
        return call.with(new BearerToken("a-token", Instant.MAX))
                .with(pace.awaitWrites(TENANT, 1))
                .with(LeavesBy.in(Duration.ofSeconds(5), clock::nanoTime, clock));
    }

    @Test
    void itsRequestIsReadyItsPlaceFreeAndNothingCharged() throws Exception {
        settlements().settle(begun(action()).with(new GraphAnswer.TooLate()));

        assertThat(standings("leavers")).containsExactly("ready", "ready");
        pace.awaitWrites(TENANT, 1).unused();
        assertThat(results("leavers")).extracting(row -> row.attempts()).containsOnly(0);
    }

    @Test
    void soAreThoseThatWouldHaveLeftTogetherAndACancelHolds() throws Exception {
        Call together = begun(Call.together(Settings.Mode.BATCH, List.of(action(), action())));
        ledger.batches().cancel("leavers", "ada");

        settlements().settle(together.with(new GraphAnswer.TooLate()));

        assertThat(standings("leavers")).containsExactly("cancelled", "cancelled");
    }
}
