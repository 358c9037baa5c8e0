package org.deprovisioner.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.rights.WorldWritable;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;

/** The folders: who may write them, whether we may, and whether the data lies where a ledger can live. */
public final class FoldersCheck implements Check {

    static final String CHECK = "folders";
    private static final long LITTLE = 1L << 30;

    /** What the service has below the data folder. */
    private static final List<String> OURS = List.of(
            "inbox",
            "inbox/.working",
            "archive",
            "rejected",
            "held",
            "approvals",
            "approvals/done",
            "login",
            "results",
            "dead-letter",
            "audit",
            "broker",
            "logs");

    /** Names of file systems that other machines serve. */
    private static final Set<String> SHARES = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afpfs",
            "webdav",
            "davfs",
            "fuse.sshfs",
            "fuse.davfs",
            "fuse.glusterfs",
            "glusterfs",
            "ceph",
            "9p",
            "afs",
            "ncpfs");

    private final Configuration configuration;

    public FoldersCheck(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public List<Remark> look() throws IOException {
        Settings settings = configuration.settings();
        Path data = settings.data();
        List<Remark> remarks = new ArrayList<>();
        List<String> open = new ArrayList<>();
        open.addAll(WorldWritable.in(settings.home().resolve("routes"), Set.of()));
        open.addAll(WorldWritable.in(configuration.folder(), Set.of()));
        open.addAll(WorldWritable.in(data, Set.of("inbox", "approvals")));
        open.forEach(line -> remarks.add(Remark.wrong(CHECK, "", line, "'run' refuses to start until it is fixed.")));
        if (Files.notExists(settings.home().resolve("routes"))) {
            remarks.add(Remark.wrong(
                    CHECK, "routes", "There is no folder " + settings.home().resolve("routes") + ".", "Put it back."));
        }
        Place place = new Place(data);
        remarks.add(place.look("data"));
        if (Files.isDirectory(data)) {
            remarks.addAll(unusable(data));
        }
        Ledger.place(settings.ledgerDatabase())
                .map(file -> file.toAbsolutePath().getParent())
                .filter(ledger -> !ledger.startsWith(data))
                .ifPresent(ledger -> remarks.add(new Place(ledger).look("ledger")));
        FileStore store = Files.getFileStore(place.nearest());
        if (isShare(data, store.type())) {
            remarks.add(Remark.warning(
                    CHECK,
                    "data",
                    data + " lies on a network share (" + store.type()
                            + "), where neither the ledger nor its lock is safe.",
                    "Set deprovision.data to a folder on a local disk, and share the inbox alone if you must."));
        }
        remarks.add(disk(data, store));
        return remarks;
    }

    private static Remark disk(Path data, FileStore store) throws IOException {
        String free = "%,d MiB".formatted(store.getUsableSpace() >> 20);
        return store.getUsableSpace() < LITTLE
                ? Remark.warning(
                        CHECK,
                        "data",
                        "The disk of " + data + " has only " + free + " left.",
                        "Make room: nothing is sent while the ledger cannot be written.")
                : Remark.ok(CHECK, "data", "The disk of " + data + " has " + free + " left.");
    }

    /** What 'run' would stumble over although the data folder itself is well. */
    private static List<Remark> unusable(Path data) {
        return OURS.stream()
                .map(data::resolve)
                .filter(folder -> Files.exists(folder, LinkOption.NOFOLLOW_LINKS))
                .filter(folder -> !Files.isDirectory(folder) || !Files.isWritable(folder))
                .map(folder -> Files.isDirectory(folder)
                        ? Remark.wrong(
                                CHECK,
                                "data",
                                folder + " cannot be written by the user " + Place.USER + ".",
                                Place.RIGHT)
                        : Remark.wrong(
                                CHECK,
                                "data",
                                folder + " is no folder, and 'run' needs one there.",
                                "Move it away; the next start makes the folder."))
                .toList();
    }

    /** Whether a remark says that the data folder cannot be used: then there is nothing in it to be looked at. */
    public static boolean isOfUnusableData(Remark remark) {
        return remark.check().equals(CHECK) && remark.subject().equals("data") && remark.level() == Remark.Level.WRONG;
    }

    static boolean isShare(Path data, String type) {
        return SHARES.contains(type.toLowerCase(Locale.ROOT)) || data.toString().startsWith("\\\\");
    }
}
