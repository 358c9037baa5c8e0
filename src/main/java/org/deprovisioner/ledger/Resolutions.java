package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Duplicates.Decision;
import org.deprovisioner.request.Device;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;

/** What is found out of a leased request before a call is made for it: its device, and whether it is to be sent at all. */
public final class Resolutions {

    private final GroupCommit writer;
    private final Clock clock;
    private final SteadyTime steady;

    Resolutions(GroupCommit writer, Clock clock, SteadyTime steady) {
        this.writer = writer;
        this.clock = clock;
        this.steady = steady;
    }

    /** Records what Graph says of the device, and what earlier requests for the same device mean for this one. */
    public void resolved(Lease lease, Device device, Duration duplicateWindow) {
        resolve(lease, device.id(), Optional.of(device), Optional.empty(), duplicateWindow);
    }

    /**
     * Ends a request because Graph shows the action as taken already, or because its plan sends nothing. Where an earlier
     * request decides for the device, it does so here too.
     */
    public void alreadyDeprovisioned(Lease lease, Device device, Finding seen, Duration duplicateWindow) {
        resolve(lease, device.id(), Optional.of(device), Optional.of(seen), duplicateWindow);
    }

    /** Takes the row's own id for the device's, where devices are not read before they are acted on. */
    public void takenAsGiven(Lease lease, Duration duplicateWindow) {
        resolve(
                lease,
                lease.address().managedDeviceId().orElseThrow(),
                Optional.empty(),
                Optional.empty(),
                duplicateWindow);
    }

    private void resolve(
            Lease lease, String deviceId, Optional<Device> device, Optional<Finding> seen, Duration window) {
        Instant now = clock.instant();
        writer.write(jdbc -> {
            int changed = jdbc.sql("""
                            update request set device_id = :deviceId, device = nullif(:device, ''), resolved = :now,
                              serial_key = coalesce(nullif(:serialKey, ''), serial_key),
                              name_key = coalesce(nullif(:nameKey, ''), name_key),
                              leased_by = null, leased_until = null, error = null, remedy = null
                            where id = :id and state = 'RECEIVED' and leased_by = :claim
                            """)
                    .param("deviceId", deviceId)
                    .param("device", device.map(LedgerJson::device).orElse(""))
                    .param(
                            "serialKey",
                            device.map(Device::serialNumber)
                                    .map(RequestRows::key)
                                    .orElse(""))
                    .param(
                            "nameKey",
                            device.map(Device::deviceName).map(RequestRows::key).orElse(""))
                    .param("now", now.toEpochMilli())
                    .param("id", lease.id())
                    .param("claim", lease.claim())
                    .update();
            if (changed == 0) {
                return false;
            }
            Duplicates.Other self = jdbc.query(
                            "select " + RequestRows.OTHER + " from request where id = ?",
                            RequestRows::other,
                            lease.id())
                    .get(0);
            List<Duplicates.Other> sameDevice =
                    others(jdbc, "tenant = ? and device_id = ? and id <> ?", lease.tenant(), deviceId, lease.id());
            List<Duplicates.Other> sameKey = self.requestId().isEmpty()
                    ? List.of()
                    : others(
                            jdbc,
                            "tenant = ? and request_id = ? and id <> ?",
                            lease.tenant(),
                            self.requestId(),
                            lease.id());
            Decision decision = Duplicates.decide(self, sameDevice, sameKey, device, window, now);
            carryOut(
                    jdbc,
                    now.toEpochMilli(),
                    self,
                    seen.filter(finding -> decision instanceof Decision.Go
                                    || (decision instanceof Decision.TakesKey taking
                                            && taking.then() instanceof Decision.Go))
                            .<Decision>map(Decision.End::new)
                            .orElse(decision));
            return true;
        });
    }

    private static void carryOut(Jdbc jdbc, long now, Duplicates.Other self, Decision decision) {
        long id = self.id();
        if (decision instanceof Decision.End end) {
            Completions.end(jdbc, now, id, State.RECEIVED, end.finding());
        } else if (decision instanceof Decision.Confirmed confirmed) {
            confirm(jdbc, now, self, confirmed);
        } else if (decision instanceof Decision.Wait wait) {
            Transitions.change(State.RECEIVED, State.WAITING)
                    .set("waits_for = ?", wait.leader().id())
                    .set("error = ?", "Waits for " + wait.leader().where() + ", which names the same device.")
                    .one(jdbc, id);
        } else if (decision instanceof Decision.TakesKey taking) {
            carryOut(jdbc, now, self, taking.then());
            taking.later()
                    .forEach(other ->
                            Completions.end(jdbc, now, other.id(), other.state(), Duplicates.keyTaken(other, self)));
        } else if (decision instanceof Decision.Contradiction contradiction) {
            Completions.end(jdbc, now, id, State.RECEIVED, contradiction(contradiction.other()));
            // those that wait end before their leader, so that its end wakes only those of other units
            contradiction.unsent().stream()
                    .sorted(Comparator.comparing(other -> other.state() != State.WAITING))
                    .forEach(other -> Completions.end(jdbc, now, other.id(), other.state(), contradiction(self)));
        }
    }

    /** What was unknown was done after all: its results are written anew, and its dead letter need not leave any more. */
    private static void confirm(Jdbc jdbc, long now, Duplicates.Other self, Decision.Confirmed confirmed) {
        confirmed.unknown().forEach(other -> {
            jdbc.update("delete from outbox where request = ? and kind = 'DEAD_LETTER'", other.id());
            Completions.end(
                    jdbc,
                    now,
                    other.id(),
                    State.DEAD,
                    confirmed("It was unknown, and " + self.where() + " looked at the device again: "
                            + confirmed.words()));
        });
        Completions.end(
                jdbc,
                now,
                self.id(),
                State.RECEIVED,
                confirmed("An earlier request for the device was unknown ("
                        + confirmed.latest().where() + "): " + confirmed.words()));
    }

    private static Finding confirmed(String error) {
        return Finding.of(Outcome.CONFIRMED_BY_READ_BACK, error, "Nothing needs to be done.");
    }

    private static Finding contradiction(Duplicates.Other other) {
        return Finding.of(
                Outcome.INVALID,
                "The device is named more than once, with different reasons (see " + other.where() + ").",
                "Keep the row with the right reason and drop it again.");
    }

    private static List<Duplicates.Other> others(Jdbc jdbc, String which, Object... values) {
        return jdbc.query(
                "select " + RequestRows.OTHER + " from known_request where " + which + " order by id",
                RequestRows::other,
                values);
    }

    /** Records that the device, read again before its attempt, is still what it was. */
    public void readAgain(Lease lease, Device device) {
        writer.write(jdbc -> jdbc.sql("update request set device = :device, resolved = :now where id = :id"
                        + " and leased_by = :claim")
                .param("device", LedgerJson.device(device))
                .param("now", clock.millis())
                .param("id", lease.id())
                .param("claim", lease.claim())
                .update());
    }

    /** Ends a leased request before anything was sent for it. */
    public void endUnsent(Lease lease, Finding finding) {
        long now = clock.millis();
        writer.insist(jdbc -> {
            Pauses.probeNotMade(jdbc, lease);
            return Completions.end(jdbc, now, lease.id(), State.READY, finding)
                    || Completions.end(jdbc, now, lease.id(), State.RECEIVED, finding);
        });
    }

    /** The same, of a request whose device was read: what was seen of it is kept with it. */
    public void endSeen(Lease lease, Device device, Finding finding) {
        writer.insist(jdbc -> jdbc.update(
                "update request set device = ?, serial_key = ?, name_key = ? where id = ? and leased_by = ?",
                LedgerJson.device(device),
                RequestRows.key(device.serialNumber()),
                RequestRows.key(device.deviceName()),
                lease.id(),
                lease.claim()));
        endUnsent(lease, finding);
    }

    /** Puts a leased request back that could not be read or asked about, to be looked at later. */
    public void readLater(Lease lease, Duration delay, boolean charged, String why) {
        long due = steady.dueMillis() + delay.toMillis();
        long look = steady.millis() + delay.toMillis();
        writer.insist(jdbc -> {
            Pauses.probeNotMade(jdbc, lease);
            return jdbc.sql("""
                            update request set leased_by = null, leased_until = null, approval_due = :due,
                              due = case when state = 'IN_DOUBT' then :look else :due end,
                              looks = looks + :charged, error = :why where id = :id and leased_by = :claim
                            """)
                    .param("due", due)
                    .param("look", look)
                    .param("charged", charged ? 1 : 0)
                    .param("why", why)
                    .param("id", lease.id())
                    .param("claim", lease.claim())
                    .update();
        });
    }
}
