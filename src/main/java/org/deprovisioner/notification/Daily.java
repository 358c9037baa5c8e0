package org.deprovisioner.notification;

import static java.util.stream.Collectors.joining;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.report.HeldBatch;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.CertificateEnds;

/** What is told once a day: that all is well, or what is not; and each certificate that ends soon. */
final class Daily {

    private static final Duration SOON = Duration.ofDays(14);

    private final Settings settings;
    private final Ledger ledger;
    private final Clock clock;

    Daily(Settings settings, Ledger ledger, Clock clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Records the notices of a day. */
    void tell() {
        for (Settings.Tenant tenant : settings.tenants().values()) {
            CertificateEnds.of(tenant)
                    .filter(this::isSoon)
                    .ifPresent(end -> ledger.notifications()
                            .tell(Notice.Kind.CERTIFICATE_ENDS, tenant.name(), sentence(end), REMEDY));
        }
        ledger.notifications().tell(Notice.Kind.DAILY, "", attention().stream().collect(joining(" ")), "");
    }

    private static final String REMEDY =
            "Put the new one in its place in time; nothing can be sent without it. It is read anew, without a restart.";

    private boolean isSoon(Instant end) {
        return end.isBefore(clock.instant().plus(SOON));
    }

    private String sentence(Instant end) {
        return "It %s on %s."
                .formatted(
                        end.isBefore(clock.instant()) ? "ended" : "ends",
                        end.toString().substring(0, 10));
    }

    /** What is not well, a sentence each. */
    private List<String> attention() {
        return Stream.of(
                        Standstill.byProtectedList(settings).stream(),
                        Standstill.now(settings, clock).stream(),
                        PauseReport.all(ledger).stream().map(PauseReport::sentence),
                        HeldBatch.all(ledger).stream().map(HeldBatch::sentence),
                        settings.tenants().values().stream()
                                .filter(tenant -> CertificateEnds.of(tenant)
                                        .filter(this::isSoon)
                                        .isPresent())
                                .map(tenant -> "The certificate of the tenant '" + tenant.name() + "' ends soon."),
                        ledger.notifications().undelivered().stream()
                                .map(channel ->
                                        "Notifications do not leave by " + channel.channel() + ": " + channel.error()))
                .flatMap(sentences -> sentences)
                .toList();
    }
}
