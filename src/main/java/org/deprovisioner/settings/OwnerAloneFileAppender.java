package org.deprovisioner.settings;

import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deprovisioner.rights.OwnerAlone;

/** Logs to a file that the service's user alone may read, whatever the umask; so are those that it becomes when it is full. */
public final class OwnerAloneFileAppender<E> extends RollingFileAppender<E> {

    private static final int UNTIL_COMPRESSED_SECONDS = 60;

    /** Whether it is time for the next file says the policy, but to it alone Logback would take the folder's name for a regular expression. */
    @Override
    public void start() {
        TriggeringPolicy<E> policy = getTriggeringPolicy();
        if (policy != null) {
            setTriggeringPolicy(new Asking<>(policy));
        }
        super.start();
    }

    private static final class Asking<E> extends TriggeringPolicyBase<E> {

        private final TriggeringPolicy<E> policy;

        Asking(TriggeringPolicy<E> policy) {
            this.policy = policy;
        }

        @Override
        public boolean isTriggeringEvent(File active, E event) {
            return policy.isTriggeringEvent(active, event);
        }

        @Override
        public boolean isStarted() {
            return policy.isStarted();
        }
    }

    @Override
    public void openFile(String name) throws IOException {
        Path file = Path.of(name).toAbsolutePath();
        OwnerAlone.folder(folder(file));
        OwnerAlone.file(file);
        super.openFile(name);
        restrict(file);
        // the file before this one is compressed meanwhile
        getContext()
                .addScheduledFuture(getContext()
                        .getScheduledExecutorService()
                        .schedule(() -> restrict(file), UNTIL_COMPRESSED_SECONDS, TimeUnit.SECONDS));
    }

    private void restrict(Path file) {
        String name = String.valueOf(file.getFileName());
        String base = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        try (Stream<Path> files = Files.list(folder(file))) {
            for (Path one : files.filter(Files::isRegularFile)
                    .filter(path -> String.valueOf(path.getFileName()).startsWith(base))
                    .toList()) {
                OwnerAlone.restrict(one);
            }
        } catch (IOException unreadable) {
            addWarn("The rights of the log files cannot be looked at.", unreadable);
        }
    }

    private static Path folder(Path file) {
        Path folder = file.getParent();
        return folder == null ? file : folder;
    }
}
