package org.deprovisioner.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Settings;

/**
 * Whether who asks is the user of the service: what this one may read and write says nothing of another. The service's user
 * is the one that the ledger belongs to.
 */
public final class ServiceUserCheck implements Check {

    private static final String CHECK = "user";

    private final Settings settings;
    private final String user;

    /** @param user who asks */
    public ServiceUserCheck(Settings settings, String user) {
        this.settings = settings;
        this.user = user;
    }

    @Override
    public List<Remark> look() {
        Path held =
                Ledger.place(settings.ledgerDatabase()).filter(Files::exists).orElse(settings.data());
        if (!Files.exists(held)) {
            return List.of();
        }
        Optional<String> owner = new Place(held).owner();
        if (owner.filter(name -> !plain(name).equals(plain(user))).isEmpty()) {
            return List.of(Remark.ok(CHECK, "", "You are '" + user + "', and the service's files are yours."));
        }
        return List.of(Remark.warning(
                CHECK,
                "",
                "You are '" + user + "', and " + held + " belongs to '" + owner.get()
                        + "': what is said here of files holds for you, and not for the service.",
                "Run this as '" + owner.get() + "', the service's user."));
    }

    /** Windows puts the machine or domain in front. */
    private static String plain(String name) {
        return name.substring(name.lastIndexOf('\\') + 1).strip().toLowerCase(Locale.ROOT);
    }
}
