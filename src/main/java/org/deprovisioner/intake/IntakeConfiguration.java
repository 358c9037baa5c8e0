package org.deprovisioner.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.settings.Settings;

/** Wires how files and messages are taken in. */
public final class IntakeConfiguration implements CamelConfiguration {

    private static final Duration QUIET_APPROVAL = Duration.ofSeconds(2);

    private final Settings settings;
    private final Ledger ledger;
    private final Clock clock;
    private final RequestRules rules;
    private final FileIntake fileIntake;

    /** Wires the intake of a ledger. */
    public IntakeConfiguration(Settings settings, Ledger ledger, Clock clock) throws IOException {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.rules = rules(settings);
        this.fileIntake =
                new FileIntake(settings.data(), settings.readers(), rules, ledger.intakes(), ledger.takenFiles());
        OwnerAlone.folder(
                Files.createDirectories(settings.data().resolve("inbox")).resolve(".working"));
        Files.createDirectories(settings.data().resolve("approvals"));
    }

    /** Takes no more of a file in from now on. */
    public void stop() {
        fileIntake.stop();
    }

    /** What the settings say about requests. */
    public static RequestRules rules(Settings settings) {
        return new RequestRules(
                settings.tenants().keySet(),
                settings.tenants().size() == 1
                        ? settings.tenants().keySet().stream().findFirst()
                        : Optional.empty(),
                settings.requests().defaultReason(),
                settings.requests().allowedReasons(),
                settings.requests().resolve(),
                settings.requests().carriedColumns());
    }

    /** The component {@code data:}. */
    @BindToRegistry("data")
    public DataFolder data() {
        return new DataFolder(settings.data());
    }

    @BindToRegistry("workingFiles")
    public WorkingFiles workingFiles() {
        return new WorkingFiles(ledger.intakes(), fileFaults());
    }

    @BindToRegistry("arrivedFiles")
    public ArrivedFiles arrivedFiles() {
        return ArrivedFiles.ofRequests(settings.requests().quiet(), System::nanoTime);
    }

    @BindToRegistry("fileFaults")
    public FileFaults fileFaults() {
        return new FileFaults(System::nanoTime);
    }

    @BindToRegistry("inboxWatch")
    public FolderWatch inboxWatch() {
        return watch("inbox", settings.requests().quiet());
    }

    @BindToRegistry("approvalsWatch")
    public FolderWatch approvalsWatch() {
        return watch("approvals", QUIET_APPROVAL);
    }

    private FolderWatch watch(String name, Duration quiet) {
        Path folder = settings.data().resolve(name);
        ArrivedFiles arrived = ArrivedFiles.ofAnyEnd(quiet, System::nanoTime);
        return new FolderWatch(folder, new OddEntries(folder, arrived, fileFaults(), System::nanoTime));
    }

    @BindToRegistry("fileIntake")
    public FileIntake fileIntake() {
        return fileIntake;
    }

    @BindToRegistry("arrivedApprovals")
    public ArrivedFiles arrivedApprovals() {
        return ArrivedFiles.ofAnyEnd(QUIET_APPROVAL, System::nanoTime);
    }

    @BindToRegistry("approvalFiles")
    public ApprovalFiles approvalFiles() {
        Settings.Guard guard = settings.guard();
        ApprovalFiles files = new ApprovalFiles(
                settings.data(),
                ledger.approvals(),
                new FourEyes(guard.fourEyes(), guard.people()),
                guard.grace(),
                fileFaults());
        files.sayWhatWasCutOff();
        return files;
    }

    @BindToRegistry("messageIntake")
    public MessageIntake messageIntake() {
        return new MessageIntake(rules, ledger.intakes(), clock);
    }
}
