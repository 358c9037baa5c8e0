package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Intakes.OpenFile;
import org.deprovisioner.request.Row;
import org.junit.jupiter.api.Test;

class IntakesTest extends LedgerFixture {

    @Test
    void rowsOfACutOffFileAreRecordedOnceAndTheIntakeGoesOnBehindThem() {
        long id = ledger.intakes().openFile("leavers.csv", "ada");
        OpenFile first = ledger.intakes().begin(id, "leavers", LAYOUT, taken -> false);
        ledger.intakes().record(first, Rows.rows(1, 3));
        ledger.close();
        ledger = open();

        OpenFile again = ledger.intakes().begin(id, "leavers", LAYOUT, taken -> true);
        assertThat(again).isEqualTo(new OpenFile(id, "leavers", 4));
        ledger.intakes().record(again, List.of(Rows.row(5, 4)));
        ledger.intakes().complete(again);

        assertThat(results("leavers")).extracting(Batches.Result::line).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void aFileIsGuardedOnlyWhenItsLastRowIsRecorded() {
        OpenFile file = ledger.intakes()
                .begin(ledger.intakes().openFile("leavers.csv", "ada"), "leavers", LAYOUT, taken -> false);
        ledger.intakes().record(file, Rows.rows(1, 2));
        resolveAll();
        assertThat(ledger.units().toGuard(10)).isEmpty();
        ledger.intakes().complete(file);
        assertThat(ledger.units().toGuard(10)).hasSize(1);
    }

    @Test
    void aTakenBatchNameGetsANumberWithoutRegardToCase() {
        assertThat(takeIn("Leavers", Rows.rows(1, 1))).isEqualTo("Leavers");
        assertThat(takeIn("LEAVERS", Rows.rows(2, 1))).isEqualTo("LEAVERS-2");
        assertThat(takeIn("leavers", Rows.rows(3, 1))).isEqualTo("leavers-3");
    }

    @Test
    void aBatchNameTakenOutsideOfTheLedgerGetsANumberToo() {
        long id = ledger.intakes().openFile("leavers.csv", "ada");
        assertThat(ledger.intakes()
                        .begin(id, "leavers", LAYOUT, "leavers"::equals)
                        .batch())
                .isEqualTo("leavers-2");
    }

    @Test
    void aRedeliveredMessageRecordsNothing() {
        assertThat(takeInMessage("k", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(1, 2)))
                .contains("desk");
        assertThat(takeInMessage("k", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(1, 2)))
                .isEmpty();
        assertThat(results("desk")).hasSize(2);
    }

    @Test
    void messagesWithoutAnIdAreAllRecorded() {
        takeInMessage("", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(1, 1));
        takeInMessage("", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(2, 1));
        assertThat(results("desk")).hasSize(2);
    }

    @Test
    void aMessageJoinsItsBatchWithoutRegardToCaseButNeverThatOfAFile() {
        takeIn("desk", Rows.rows(1, 1));
        assertThat(takeInMessage("a", "Desk", Optional.empty(), Rows.COLUMNS, Rows.rows(2, 1)))
                .contains("Desk-2");
        assertThat(takeInMessage("b", "DESK", Optional.empty(), Rows.COLUMNS, Rows.rows(3, 1)))
                .contains("Desk-2");
    }

    @Test
    void aMessageWithoutRowsIsRecordedAllTheSame() {
        assertThat(takeInMessage("a", "desk", Optional.empty(), List.of(), List.of()))
                .contains("desk");
        assertThat(takeInMessage("a", "desk", Optional.empty(), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void aBatchOfMessagesGrowsColumnsAndPutsCellsInTheirPlace() {
        takeInMessage("a", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(1, 1));
        takeInMessage("b", "desk", Optional.empty(), List.of("ticket", "managedDeviceId"), List.of(Rows.invalid(1)));

        assertThat(ledger.batches().layout("desk").orElseThrow().columns())
                .containsExactly("managedDeviceId", "deprovisionReason", "ticket");
        assertThat(results("desk"))
                .extracting(Batches.Result::cells)
                .containsExactly(List.of(Rows.id(1), "lost"), List.of("lost", "", "abc"));
    }

    @Test
    void anInvalidRowEndsAtOnceWithADeadLetterAndTheOthersGoOn() {
        takeIn("leavers", List.of(Rows.row(2, 1), Rows.invalid(3)));

        assertThat(standings("leavers")).containsExactly("received", "invalid");
        Batches.Result invalid = result("leavers", 3);
        assertThat(invalid.state()).isEqualTo(State.DEAD);
        assertThat(invalid.raw()).isEqualTo("abc,lost");
        assertThat(invalid.finished()).contains(clock.instant());
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10))
                .extracting(entry -> entry.result().line())
                .containsExactly(3L);
        assertThat(ledger.outbox().due(Outbox.Letter.REPLY, 10)).isEmpty();
    }

    @Test
    void anInvalidRowOfAMessageIsRepliedToOnce() {
        takeInMessage("a", "desk", Optional.of("deprovision.reply.x"), Rows.COLUMNS, List.of(Rows.invalid(1)));
        takeInMessage("b", "desk", Optional.of("deprovision.reply.y"), Rows.COLUMNS, List.of(Rows.invalid(1)));

        assertThat(ledger.outbox().due(Outbox.Letter.REPLY, 10))
                .extracting(entry -> entry.replyTo().orElseThrow())
                .containsExactly("deprovision.reply.x", "deprovision.reply.y");
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).hasSize(2);
    }

    @Test
    void anOutboxEntryStaysUntilItIsSent() {
        takeIn("leavers", List.of(Rows.invalid(2), Rows.invalid(3)));
        List<Outbox.Entry> entries = ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 1);
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 1)).isEqualTo(entries);
        ledger.outbox().sent(entries);
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10))
                .extracting(entry -> entry.result().line())
                .containsExactly(3L);
    }

    @Test
    void eachTenantOfAFileIsAUnitOfItsOwn() {
        List<Row> rows = List.of(
                Rows.row("north", 2, 1, "lost", "", false),
                Rows.row("south", 3, 2, "lost", "", false),
                Rows.row("north", 4, 3, "lost", "", false));
        takeIn("leavers", rows);
        for (String tenant : List.of("north", "south")) {
            ledger.claims()
                    .leaseUnresolved(tenant, 10)
                    .forEach(lease -> ledger.resolutions().takenAsGiven(lease, WINDOW));
        }
        assertThat(ledger.units().toGuard(10)).extracting(Units.Unit::tenant).containsExactly("north", "south");
    }
}
