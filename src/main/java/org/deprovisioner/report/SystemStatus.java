package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.AwaitingApproval.Parked;
import org.deprovisioner.ledger.InDoubt;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.report.ServiceState.BrokerTrouble;
import org.deprovisioner.settings.Settings;

/**
 * Where things stand: the service, what stops it or slows it down, what is held, and the batches.
 *
 * @param machines those that share the ledger; none where it is a file
 * @param stopFile the file that stops every call; empty without one
 * @param protectedList why the list of protected devices stops every call, or rules of before hold too; empty when neither
 * @param closed why nothing is sent at this hour; empty when it is
 * @param credentialsEndingSoon a sentence for each
 * @param closedLanes tenants that are not called for a while, since Graph wants fewer calls
 * @param pace lanes that use less than their quota
 * @param grace what was let through and can still be cancelled as a whole
 * @param undeliveredNotifications what people were not told, since nobody took it
 * @param inDoubt what is in doubt or being verified
 * @param awaitingApproval what waits for Intune's approval
 */
@JsonPropertyOrder({
    "serviceRunning",
    "machines",
    "dryRun",
    "stopFile",
    "protectedList",
    "closed",
    "credentialsEndingSoon",
    "broker",
    "pauses",
    "closedLanes",
    "fullWindows",
    "pace",
    "held",
    "grace",
    "undeliveredNotifications",
    "batches"
})
public record SystemStatus(
        @JsonIgnore ServiceState service,
        List<Machine> machines,
        boolean dryRun,
        String stopFile,
        String protectedList,
        String closed,
        List<String> credentialsEndingSoon,
        List<PauseReport> pauses,
        List<ClosedLane> closedLanes,
        List<FullWindow> fullWindows,
        List<SlowLane> pace,
        List<HeldBatch> held,
        List<Grace> grace,
        List<UndeliveredNotifications> undeliveredNotifications,
        List<BatchReport> batches,
        @JsonIgnore Optional<InDoubt.Open> inDoubt,
        @JsonIgnore List<Parked> awaitingApproval,
        @JsonIgnore WaitReasons waits) {

    /** A tenant that is not called before an instant. */
    public record ClosedLane(
            String tenant, @JsonProperty("untilUtc") Instant until) {}

    /** What was let through of a batch and is not sent before an instant. */
    public record Grace(
            String batch,
            long rows,
            @JsonProperty("notBeforeUtc") Instant notBefore) {}

    /**
     * What does not leave by a channel.
     *
     * @param waiting notifications that are tried again
     * @param givenUp notifications that are not
     */
    public record UndeliveredNotifications(
            String channel,
            long waiting,
            long givenUp,
            @JsonProperty("sinceUtc") Instant since,
            String error) {

        private static List<UndeliveredNotifications> all(Ledger ledger) {
            return ledger.notifications().undelivered().stream()
                    .map(one -> new UndeliveredNotifications(
                            one.channel(), one.waiting(), one.givenUp(), one.since(), one.error()))
                    .toList();
        }

        /** All of it in a line. */
        public String sentence() {
            return "Notifications do not leave by %s since %s: %,d waiting%s. %s"
                    .formatted(
                            channel,
                            PlainTime.utc(since),
                            waiting,
                            givenUp > 0 ? ", %,d given up".formatted(givenUp) : "",
                            error);
        }
    }

    /** Where these batches stand, and all else. */
    public static SystemStatus of(
            ServiceState service,
            List<String> credentialsEndingSoon,
            List<BatchStatus> batches,
            Settings settings,
            Ledger ledger) {
        List<BatchReport> reports = batches.stream()
                .map(status -> BatchReport.of(status, settings, ledger))
                .toList();
        return new SystemStatus(
                service,
                Machine.all(ledger),
                settings.requests().dryRun(),
                Brakes.stopFile(settings.data()).map(Path::toString).orElse(""),
                protectedList(settings, ledger),
                Standstill.atThisHour(settings).orElse(""),
                credentialsEndingSoon,
                PauseReport.all(ledger),
                ledger.pauses().closedLanes().entrySet().stream()
                        .map(lane -> new ClosedLane(lane.getKey(), lane.getValue()))
                        .toList(),
                FullWindow.all(settings, ledger),
                SlowLane.all(settings, ledger, Instant.now()),
                HeldBatch.all(ledger),
                ledger.units().graces().stream()
                        .map(grace -> new Grace(grace.batch(), grace.rows(), grace.until()))
                        .toList(),
                UndeliveredNotifications.all(ledger),
                reports,
                ledger.inDoubt().open(),
                ledger.awaitingApproval().parked(),
                WaitReasons.of(reports, settings, ledger));
    }

    @JsonProperty
    boolean serviceRunning() {
        return service.running();
    }

    @JsonProperty
    List<BrokerTrouble> broker() {
        return service.broker();
    }

    private static String protectedList(Settings settings, Ledger ledger) {
        return Standstill.byProtectedList(settings)
                .or(() -> ledger.protectedLists()
                        .of(settings.guard().protectedDevices())
                        .map(ProtectedLists.KeptList::waiting))
                .orElse("");
    }
}
