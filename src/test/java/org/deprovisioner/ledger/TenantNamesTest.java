package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.deprovisioner.ledger.Units.Counts;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.request.Row;
import org.junit.jupiter.api.Test;

/** A tenant is its id: what the ledger knows of it follows it through every name. */
class TenantNamesTest extends LedgerFixture {

    private static final String A = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String B = "bbbbbbbb-0000-4000-8000-000000000002";

    private void start(Map<String, String> tenants) {
        ledger.tenants().identify(tenants, true);
    }

    private static Row row(String tenant, int device) {
        return Rows.row(tenant, 2, device, "lost", "", false);
    }

    private String takeIn(String batch, String tenant, int device) {
        return takeIn(batch, List.of(row(tenant, device)));
    }

    private void resolve(String tenant) {
        ledger.claims()
                .leaseUnresolved(tenant, 10)
                .forEach(lease -> ledger.resolutions()
                        .resolved(
                                lease,
                                Rows.device(lease.address().managedDeviceId().orElseThrow(), Optional.empty()),
                                WINDOW));
    }

    private String ready(String batch, String tenant, int device) {
        String name = takeIn(batch, tenant, device);
        resolve(tenant);
        letAllThrough();
        return name;
    }

    private void send(String tenant, Outcome outcome) {
        Lease lease = ledger.claims().leaseReady(tenant, 1).get(0);
        assertThat(ledger.attempts().begin(lease, "c")).isTrue();
        ledger.attempts().settle(lease, new Finding(outcome, 204, "", "", ""), "graph-1");
    }

    @Test
    void aDeviceThatWasDoneUnderTheEarlierNameIsADuplicateAndCountsForTheDay() {
        start(Map.of("default", A));
        ready("first", "default", 1);
        send("default", Outcome.DEPROVISIONED);
        start(Map.of("contoso", A.toUpperCase(java.util.Locale.ROOT)));
        takeIn("second", "contoso", 1);
        resolve("contoso");
        assertThat(standings("second")).containsExactly("duplicate");

        takeIn("third", "contoso", 2);
        resolve("contoso");
        AtomicReference<Counts> counted = new AtomicReference<>();
        ledger.units().guard(onlyUnit(), counts -> {
            counted.set(counts);
            return new Verdict.LetThrough();
        });
        assertThat(counted.get().dayLetThrough()).isEqualTo(1);
    }

    @Test
    void anUnknownOfTheEarlierNameIsNeverSentWithoutForce() {
        start(Map.of("default", A));
        ready("first", "default", 1);
        send("default", Outcome.UNKNOWN);
        start(Map.of("contoso", A));
        takeIn("second", "contoso", 1);
        resolve("contoso");
        assertThat(ledger.claims().leaseReady("contoso", 10)).isEmpty();
        assertThat(standings("second").get(0)).isNotEqualTo("ready");
    }

    @Test
    void whatIsOpenGoesOnUnderTheNewNameAndItsKeyIsTaken() {
        start(Map.of("default", A));
        takeIn("first", List.of(Rows.row("default", 2, 1, "lost", "key-1", false)));
        start(Map.of("contoso", A));
        resolve("contoso");
        letAllThrough();
        assertThat(ledger.claims().leaseReady("default", 10)).isEmpty();
        send("contoso", Outcome.DEPROVISIONED);
        assertThat(standings("first")).containsExactly("deprovisioned");
        takeIn("second", List.of(Rows.row("contoso", 2, 2, "lost", "key-1", false)));
        resolve("contoso");
        assertThat(standings("second")).containsExactly("invalid");
    }

    @Test
    void pausesPlacesAndWhatTheLanesFoundOutFollowTheTenant() {
        start(Map.of("default", A));
        ready("first", "default", 1);
        send("default", Outcome.DEPROVISIONED);
        ledger.recovery().recover();
        Optional<List<Instant>> before = places("default");
        assertThat(before).hasValueSatisfying(places -> assertThat(places).hasSize(1));
        ledger.pauses().pause("default", Pause.EndsBy.RESUME, "user", "Paused by Ada.", "Resume.", "ada");
        ledger.pauses().closeLane("default", clock.instant().plusSeconds(60));
        ledger.pauses().slowLane("default", true, 0.5, "429");
        start(Map.of("contoso", A));
        assertThat(ledger.pauses().stopping("contoso").map(Pause::message)).contains("Paused by Ada.");
        assertThat(ledger.pauses().stopping("default")).isEmpty();
        assertThat(ledger.pauses().laneClosedUntil("contoso"))
                .isEqualTo(clock.instant().plusSeconds(60));
        assertThat(ledger.pauses().slowLanes())
                .singleElement()
                .extracting(Pauses.SlowLane::tenant)
                .isEqualTo("contoso");
        assertThat(places("contoso")).isEqualTo(before);
        assertThat(places("default")).isNotEqualTo(before);
    }

    private Optional<List<Instant>> places(String tenant) {
        return ledger.attempts().placesTaken(tenant, Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    @Test
    void twoNamesThatAreSwappedTakeTheirRowsAlong() {
        start(Map.of("north", A, "south", B));
        ready("of-a", "north", 1);
        ready("of-b", "south", 2);
        ledger.pauses().closeLane("north", clock.instant().plusSeconds(10));
        ledger.pauses().closeLane("south", clock.instant().plusSeconds(20));
        start(Map.of("north", B, "south", A));
        assertThat(ledger.claims().leaseReady("north", 10))
                .extracting(Lease::batch)
                .containsExactly("of-b");
        assertThat(ledger.claims().leaseReady("south", 10))
                .extracting(Lease::batch)
                .containsExactly("of-a");
        assertThat(ledger.pauses().laneClosedUntil("north"))
                .isEqualTo(clock.instant().plusSeconds(20));
    }

    @Test
    void aNameThatMeansAnotherTenantNowSendsNothingOfTheOneBefore() {
        start(Map.of("contoso", A));
        ready("of-a", "contoso", 1);
        start(Map.of("contoso", B));
        assertThat(ledger.claims().leaseReady("contoso", 10)).isEmpty();
        assertThat(ledger.pauses().all()).singleElement().satisfies(pause -> {
            assertThat(pause.cause()).isEqualTo(Pause.NOT_CONFIGURED);
            assertThat(pause.message()).contains("1 open request is of the tenant", "not configured any more");
            assertThat(pause.remedy()).contains(A, "cancel");
        });
        takeIn("of-b", "contoso", 1);
        resolve("contoso");
        assertThat(standings("of-b")).as("another tenant's device").containsExactly("received");

        start(Map.of("contoso", B, "school", A));
        assertThat(ledger.pauses().all()).isEmpty();
        assertThat(ledger.claims().leaseReady("school", 10))
                .extracting(Lease::batch)
                .containsExactly("of-a");
    }

    @Test
    void aTenantThatIsGoneIsSaidWhileItHasOpenRequestsAlone() {
        start(Map.of("north", A, "south", B));
        ready("of-b", "south", 2);
        start(Map.of("north", A));
        assertThat(ledger.pauses().all()).extracting(Pause::scope).containsExactly("south");
        ledger.batches().cancel("of-b", "ada");
        start(Map.of("north", A));
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aDomainInPlaceOfAnIdIsAskedForAndTakenOnceAPersonResumes() {
        start(Map.of("contoso", "contoso.onmicrosoft.com"));
        ready("first", "contoso", 1);
        for (int starts = 0; starts < 2; starts++) {
            start(Map.of("contoso", A));
            assertThat(ledger.pauses().all()).singleElement().satisfies(pause -> {
                assertThat(pause.scope()).isEqualTo("contoso");
                assertThat(pause.message()).contains("contoso.onmicrosoft.com", A, "nothing is sent");
            });
        }
        ledger.pauses().resume("contoso", "ada");
        start(Map.of("contoso", A));
        assertThat(ledger.pauses().all()).isEmpty();
        start(Map.of("school", A));
        assertThat(ledger.claims().leaseReady("school", 10))
                .extracting(Lease::batch)
                .containsExactly("first");
    }

    @Test
    void anIdThatIsSetBackIsNotAskedForAnyMore() {
        start(Map.of("contoso", "contoso.onmicrosoft.com"));
        ready("first", "contoso", 1);
        start(Map.of("contoso", A));
        start(Map.of("contoso", "Contoso.onmicrosoft.com"));
        assertThat(ledger.pauses().all()).isEmpty();
        start(Map.of("contoso", A));
        assertThat(ledger.pauses().all())
                .as("nobody has said that it is the same")
                .hasSize(1);
    }

    @Test
    void aLedgerOfBeforeLearnsTheIdsAtItsFirstStart() {
        ready("first", "default", 1);
        send("default", Outcome.DEPROVISIONED);
        start(Map.of("default", A));
        start(Map.of("contoso", A));
        takeIn("second", "contoso", 1);
        resolve("contoso");
        assertThat(standings("second")).containsExactly("duplicate");
    }

    @Test
    void aLedgerOfBeforeAndANewNameAtOnceWaitForAPerson() {
        ready("first", "default", 1);
        send("default", Outcome.DEPROVISIONED);
        start(Map.of("contoso", A));
        assertThat(ledger.pauses().all()).singleElement().satisfies(pause -> {
            assertThat(pause.scope()).isEqualTo("contoso");
            assertThat(pause.message()).contains("'default'", "may be the same one");
            assertThat(pause.remedy()).contains("start once with the name and id of before");
        });
        // as the remedy says
        start(Map.of("default", A));
        start(Map.of("contoso", A));
        assertThat(ledger.pauses().all()).isEmpty();
        takeIn("second", "contoso", 1);
        resolve("contoso");
        assertThat(standings("second")).containsExactly("duplicate");
    }

    @Test
    void aTenantThatIsSurelyAnotherIsSimplyNew() {
        start(Map.of("north", A));
        ready("of-a", "north", 1);
        send("north", Outcome.DEPROVISIONED);
        start(Map.of("south", B));
        assertThat(ledger.pauses().all()).isEmpty();
        start(Map.of("south", B, "north", A));
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void ofTwoNamesThatWereOneTenantAllAlongTheStricterHolds() {
        ready("one", "north", 1);
        send("north", Outcome.DEPROVISIONED);
        ready("two", "south", 2);
        ledger.pauses().pause("north", Pause.EndsBy.PROBE, "token", "No token.", "Wait.", "Deprovisioner");
        ledger.pauses().pause("south", Pause.EndsBy.RESUME, "user", "Paused by Ada.", "Resume.", "ada");
        ledger.pauses().slowLane("north", true, 0.5, "429");
        ledger.pauses().slowLane("south", true, 0.8, "429");
        start(Map.of("north", A));
        start(Map.of("south", A));
        assertThat(ledger.pauses().stopping("south").map(Pause::message)).contains("Paused by Ada.");
        assertThat(ledger.pauses().slowLanes())
                .singleElement()
                .extracting(Pauses.SlowLane::share)
                .isEqualTo(0.5);
        ledger.pauses().resume("south", "ada");
        takeIn("again", "south", 1);
        resolve("south");
        assertThat(standings("again")).containsExactly("duplicate");
    }

    @Test
    void aRenamingStandsInTheAuditLog() throws SQLException {
        start(Map.of("default", A));
        ready("first", "default", 1);
        start(Map.of("contoso", A));
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                var told = statement.executeQuery("select scope, remark from audit_entry where what = 'renamed'")) {
            assertThat(told.next()).isTrue();
            assertThat(told.getString("scope")).isEqualTo("contoso");
            assertThat(told.getString("remark")).contains("'default' is called 'contoso' now");
        }
    }

    @Test
    void aPlanLearnsTheNamesAndPausesNobody() {
        start(Map.of("contoso", A));
        ready("of-a", "contoso", 1);
        ledger.tenants().identify(Map.of("school", B), false);
        assertThat(ledger.pauses().all()).isEmpty();
        ledger.tenants().identify(Map.of("school", A), false);
        assertThat(ledger.claims().leaseReady("school", 10)).hasSize(1);
    }
}
