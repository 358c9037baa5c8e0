package org.deprovisioner.notification;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.report.Attention;
import org.deprovisioner.report.ServiceState;
import org.deprovisioner.report.SystemStatus;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.CertificateEnds;
import org.deprovisioner.token.ServerCertificate;

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
        consoleEnds()
                .ifPresent(end -> ledger.notifications()
                        .tell(Notice.Kind.CERTIFICATE_ENDS, Wording.CONSOLE, sentence(end), CONSOLE_REMEDY));
        ledger.notifications().tell(Notice.Kind.DAILY, "", String.join("; ", attention()), "");
    }

    private static final String REMEDY =
            "Put the new one in its place in time; nothing can be sent without it. It is read anew, without a restart.";

    private static final String CONSOLE_REMEDY = "Put the new one in its place in time; browsers and clients of the API"
            + " refuse the console without it. It is read anew, without a restart.";

    /** When the console's own certificate ends, if that is soon; one that cannot be read is the console's to tell of. */
    private Optional<Instant> consoleEnds() {
        return settings.console()
                .tls()
                .flatMap(files -> {
                    try {
                        return Optional.of(ServerCertificate.read(files).ends());
                    } catch (IOException unusable) {
                        return Optional.empty();
                    }
                })
                .filter(this::isSoon);
    }

    private boolean isSoon(Instant end) {
        return end.isBefore(clock.instant().plus(SOON));
    }

    private String sentence(Instant end) {
        return "It %s on %s."
                .formatted(
                        end.isBefore(clock.instant()) ? "ended" : "ends",
                        end.toString().substring(0, 10));
    }

    /** What is not well, as the monitoring probe says it. */
    private List<String> attention() {
        Stream<String> ofTenants = settings.tenants().values().stream()
                .filter(tenant ->
                        CertificateEnds.of(tenant).filter(this::isSoon).isPresent())
                .map(tenant -> "the certificate of the tenant '" + tenant.name() + "' ends soon");
        List<String> ending = Stream.concat(
                        ofTenants, consoleEnds().map(end -> "the console's certificate ends soon").stream())
                .toList();
        ServiceState service = new ServiceState(true, false, "", List.of());
        return Attention.of(SystemStatus.of(service, ending, List.of(), settings, ledger));
    }
}
