package org.deprovisioner.doctor;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.text.Counted;
import org.deprovisioner.token.BearerToken;
import org.deprovisioner.token.CertificateEnds;
import org.deprovisioner.token.TokenException;
import org.deprovisioner.token.Tokens;

/** A tenant: whether a token is to be had, what it allows, and whether Graph answers a harmless read with it. */
public final class TenantCheck implements Check {

    private static final String LICENCE = "licence";
    private static final Pattern UNLICENSED = Pattern.compile(
            "(?i)licen[cs]e|subscription|not applicable to target tenant|not provisioned|mdm authority");

    private static final String GRANT = "Grant it in the app registration, under API permissions, with admin consent; a"
            + " new token has it after 'resume'.";

    private final Settings settings;
    private final Settings.Tenant tenant;
    private final Tokens tokens;
    private final DiagnosticClient client;
    private final Clock clock;

    public TenantCheck(Settings settings, Settings.Tenant tenant, Tokens tokens, DiagnosticClient client, Clock clock) {
        this.settings = settings;
        this.tenant = tenant;
        this.tokens = tokens;
        this.client = client;
        this.clock = clock;
    }

    @Override
    public List<Remark> look() {
        List<Remark> remarks = new ArrayList<>();
        remarks.add(credential());
        try {
            BearerToken token = tokens.current(tenant.name());
            remarks.add(Remark.ok("token", tenant.name(), "Acquired; good for " + life(token) + "."));
            remarks.addAll(permissions(token));
            remarks.addAll(read(token));
        } catch (TokenException refused) {
            String words = String.valueOf(refused.getMessage());
            remarks.add(
                    refused.isUnreachable()
                            ? Remark.unreachable("token", tenant.name(), words, refused.remedy())
                            : Remark.wrong("token", tenant.name(), words, refused.remedy()));
        }
        return remarks;
    }

    private Remark credential() {
        Credential credential = tenant.credential();
        if (credential instanceof Credential.ClientCertificate) {
            Instant now = clock.instant();
            return CertificateEnds.warning(tenant, now)
                    .map(words -> Remark.warning(
                            "credential",
                            tenant.name(),
                            words,
                            "Upload a new one to the app registration, then put it into its file."))
                    .orElseGet(() -> Remark.ok(
                            "credential",
                            tenant.name(),
                            CertificateEnds.of(tenant)
                                    .map(end -> "A certificate, good until "
                                            + end.toString().substring(0, 10) + ".")
                                    .orElse("A certificate.")));
        }
        String words = credential instanceof Credential.ClientSecret
                ? "A client secret. When it ends stands in the app registration alone, under Certificates & secrets."
                : credential instanceof Credential.ManagedIdentity
                        ? "The identity of this machine."
                        : credential instanceof Credential.WorkloadIdentity
                                ? "A federated token."
                                : "A person's sign-in.";
        return Remark.ok("credential", tenant.name(), words);
    }

    private String life(BearerToken token) {
        return Counted.of(Duration.between(clock.instant(), token.expires()).toMinutes(), "minute");
    }

    private List<Remark> permissions(BearerToken token) {
        Optional<Permissions> found = Permissions.of(token);
        if (found.isEmpty()) {
            return List.of(Remark.warning(
                    "permissions",
                    tenant.name(),
                    "What the token allows cannot be read in it.",
                    "Look at the harmless read below; the first action tells the rest."));
        }
        Permissions permissions = found.get();
        Settings.Mode mode = settings.pace().mode();
        List<Remark> remarks = new ArrayList<>();
        if (!permissions.granted().isEmpty()) {
            remarks.add(Remark.ok(
                    "permissions",
                    tenant.name(),
                    (permissions.person() ? "Those of a person: " : "Those of the app: ")
                            + String.join(", ", permissions.granted()) + "."
                            + (permissions.person()
                                    ? " The person also needs Intune's role permission Remote tasks / Retire."
                                    : "")));
        }
        if (!permissions.hasAnyNamed()) {
            remarks.add(Remark.wrong(
                    "permissions",
                    tenant.name(),
                    "The token has no permission that is known for deprovision, such as " + Permissions.BULK + ".",
                    GRANT));
        } else if (!permissions.mayAct(mode)) {
            remarks.add(lacks(
                    Permissions.BULK,
                    mode == Settings.Mode.BULK
                            ? "deprovision.mode=bulk needs it."
                            : "What it has is known to suffice for reads alone; if the first device is answered with 403,"
                                    + " this is why."));
        }
        if (!permissions.mayRead()) {
            remarks.add(lacks(Permissions.READ, "Devices cannot be looked at without it."));
        }
        if (settings.requests().justification().isPresent() && !permissions.mayReadApprovals()) {
            remarks.add(lacks(
                    Permissions.APPROVALS,
                    "Without it nobody sees how Intune's approval requests stand (deprovision.approval.justification is"
                            + " set)."));
        }
        return remarks;
    }

    private Remark lacks(String permission, String why) {
        return Remark.warning("permissions", tenant.name(), "The token lacks " + permission + ". " + why, GRANT);
    }

    private List<Remark> read(BearerToken token) {
        URI one = URI.create(settings.graph().baseUrl() + "/deviceManagement/managedDevices?$top=1&$select=id");
        GraphAnswer answer = client.get(one, Optional.of(token.value()));
        if (!(answer instanceof GraphAnswer.Http http)) {
            return List.of(Remark.unreachable(
                    "read",
                    tenant.name(),
                    "Graph did not answer a read of one device.",
                    "See the lines of its host above."));
        }
        if (http.status() == 200 && http.body().stripLeading().startsWith("{")) {
            return List.of(
                    Remark.ok("read", tenant.name(), "Graph answers a read of one device."),
                    Remark.ok(
                            LICENCE,
                            tenant.name(),
                            "Intune answers for this tenant. How many licences it has is not shown to this app."));
        }
        String said = http.error()
                .map(error -> http.status() + " " + error.code() + ": " + error.message())
                .orElse(http.status() + " without Graph's JSON");
        String words = "Graph answers a read of one device with " + said + ".";
        if (http.error().isPresent() && UNLICENSED.matcher(said).find()) {
            return List.of(Remark.wrong(
                    LICENCE,
                    tenant.name(),
                    words,
                    "The tenant needs an active Intune licence: see the admin center, under Licences."));
        }
        if (http.error().isEmpty()) {
            return List.of(Remark.unreachable(
                    "read",
                    tenant.name(),
                    words,
                    "It was not Graph that answered: check the proxy and deprovision.graph.base-url."));
        }
        return List.of(
                http.status() == 429 || http.status() >= 500
                        ? Remark.warning("read", tenant.name(), words, "Try again in a minute.")
                        : Remark.wrong(
                                "read",
                                tenant.name(),
                                words,
                                http.status() == 403
                                        ? "Grant " + Permissions.READ + ". " + GRANT
                                        : "Check tenant, app and consent."));
    }
}
