package org.deprovisioner.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.deprovisioner.rights.WorldWritable;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;

/** The folders: who may write them, whether we may, and whether the data lies where a ledger can live. */
public final class FoldersCheck implements Check {

    private static final String CHECK = "folders";
    private static final long LITTLE = 1L << 30;

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
        if (Files.notExists(data)) {
            remarks.add(Remark.ok(CHECK, "data", data + " is not there yet; the first start makes it."));
            return remarks;
        }
        remarks.add(written(data));
        FileStore store = Files.getFileStore(data);
        if (isShare(data, store.type())) {
            remarks.add(Remark.warning(
                    CHECK,
                    "data",
                    data + " lies on a network share (" + store.type()
                            + "), where neither the ledger nor its lock is safe.",
                    "Set deprovision.data to a folder on a local disk, and share the inbox alone if you must."));
        }
        if (store.getUsableSpace() < LITTLE) {
            remarks.add(Remark.warning(
                    CHECK,
                    "data",
                    "The disk of " + data + " has only " + (store.getUsableSpace() >> 20) + " MiB left.",
                    "Make room: nothing is sent while the ledger cannot be written."));
        }
        return remarks;
    }

    private static Remark written(Path data) {
        try {
            Files.delete(Files.createTempFile(data, ".doctor", ".part"));
            return Remark.ok(CHECK, "data", data + " can be written.");
        } catch (IOException refused) {
            return Remark.wrong(
                    CHECK,
                    "data",
                    data + " cannot be written by the user " + System.getProperty("user.name") + ".",
                    "Run this as the service's user, or give that user the right to write there.");
        }
    }

    static boolean isShare(Path data, String type) {
        return SHARES.contains(type.toLowerCase(Locale.ROOT)) || data.toString().startsWith("\\\\");
    }
}
