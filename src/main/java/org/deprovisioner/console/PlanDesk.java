package org.deprovisioner.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.report.Plan;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.service.Planning;
import org.deprovisioner.settings.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans that are made, and kept until they are submitted: few, each for whom it was made, with a copy of its file. */
final class PlanDesk {

    private static final Logger LOG = LoggerFactory.getLogger(PlanDesk.class);
    private static final int MOST = 8;

    private final ConsoleContext context;
    private final Background background;
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    PlanDesk(ConsoleContext context, Background background) {
        this.context = context;
        this.background = background;
    }

    /** How far a plan is. */
    sealed interface State {
        /** It is being made, or waits for another one. */
        record UnderWay(String words) implements State {}

        /** It is made. */
        record Made(Plan plan, boolean whole) implements State {}

        /** It could not be made. */
        record Failed(String why) implements State {}
    }

    /** A file that is planned. */
    static final class Job {
        private final String id = UUID.randomUUID().toString();
        private final String by;
        private final String name;
        private final Path file;
        private volatile State state = new State.UnderWay("The file is read, and each device is looked at.");

        private Job(String by, String name, Path file) {
            this.by = by;
            this.name = name;
            this.file = file;
        }

        String id() {
            return id;
        }

        String name() {
            return name;
        }

        Path file() {
            return file;
        }

        State state() {
            return state;
        }
    }

    /** Begins to plan a file, which is copied. */
    synchronized Job begin(Person person, String name, Path file) throws IOException {
        makeRoom();
        Path copy = context.folder().resolve(".upload-plan-" + UUID.randomUUID());
        OwnerAlone.file(copy);
        Files.write(copy, Files.readAllBytes(file));
        Job job = new Job(person.by(), name, copy);
        try {
            background.run(() -> plan(job));
        } catch (RefusedException busy) {
            Files.deleteIfExists(copy);
            throw busy;
        }
        jobs.put(job.id, job);
        return job;
    }

    private void makeRoom() throws IOException {
        List<Job> ended = new ArrayList<>(jobs.values());
        ended.removeIf(job -> job.state instanceof State.UnderWay);
        while (jobs.size() >= MOST && !ended.isEmpty()) {
            remove(ended.remove(0));
        }
    }

    /** @throws RefusedException when there is none of this person */
    synchronized Job find(Person person, String id) {
        return Optional.ofNullable(jobs.get(id))
                .filter(job -> job.by.equals(person.by()))
                .orElseThrow(
                        () -> new RefusedException(404, "This plan is not kept any more. Make a new one with Submit."));
    }

    /** Forgets a plan. */
    synchronized void remove(Job job) throws IOException {
        jobs.remove(job.id);
        Files.deleteIfExists(job.file);
    }

    /** Who is to submit takes it away, so that nothing is submitted twice. */
    synchronized boolean take(Job job) {
        return jobs.remove(job.id, job);
    }

    private void plan(Job job) {
        try {
            Planning.Made made = new Planning(context.settings(), context.ledger(), context.readers(), job.by)
                    .plan(
                            job.file,
                            job.name,
                            job.name,
                            left -> job.state = new State.UnderWay(
                                    Shown.count(left, "device is", "devices are") + " still to be looked at."));
            job.state = new State.Made(made.plan(), made.whole());
        } catch (NotDoneException | SettingsException refused) {
            job.state = new State.Failed(String.valueOf(refused.getMessage()));
        } catch (Exception failed) {
            LOG.error("The plan of {} could not be made.", job.name, failed);
            job.state = new State.Failed("The plan could not be made; the log of the service says more.");
        }
    }

    /** How a row's place in a plan is sorted: what deserves a look first. */
    static final Comparator<String> BY_WEIGHT =
            Comparator.comparingInt(List.of("hold", "refuse", "unknown", "deprovision", "wait", "skip")::indexOf);
}
