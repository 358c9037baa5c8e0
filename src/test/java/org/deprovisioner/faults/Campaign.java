package org.deprovisioner.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.simulator.Population;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import org.deprovisioner.simulator.SimulatorOptions.Limits;

/**
 * A loop: hand over files and messages, let something go wrong on the way to Graph, start the real program, and pull the
 * plug at a random instant. At the end it runs once undisturbed, and all is audited. What is planned comes from the seed
 * alone; the instants are as exact as the machine is.
 */
final class Campaign implements AutoCloseable {

    static final int CONCURRENCY = 8;
    private static final int MEGABYTES = 96;
    private static final int FEW = 2;

    /** How actions go to Graph, and how many of them in one call at most. */
    enum Mode {
        SINGLE(1),
        BATCH(20),
        BULK(5);

        private final int together;

        Mode(int together) {
            this.together = together;
        }

        /** As the setting has it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Mostly the default. */
        static Mode of(SplittableRandom dice) {
            int one = dice.nextInt(10);
            return one < 5 ? SINGLE : one < 7 ? BATCH : BULK;
        }
    }

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final Path home;
    private final Path data;
    private final long seed;
    private final Figures figures;
    private final Simulator simulator;
    private final Orders orders;
    private final Optional<OutsideBroker> broker;
    private final Optional<SmallDisk> disk;
    private final Sender sender;
    private final Map<String, String> settings = new TreeMap<>();
    private Mode mode = Mode.SINGLE;
    private int starts;
    private int files;
    private int messages;

    /**
     * @param outside whether the broker is one of somebody else, which is killed too, and the disk a small one, which
     *     gets full where such a disk can be made
     */
    Campaign(Path folder, long seed, boolean outside, Figures figures) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.seed = seed;
        this.figures = figures;
        home = home(folder.resolve("home"));
        disk = outside ? SmallDisk.mount(folder.resolve("disk"), MEGABYTES) : Optional.empty();
        data = Files.createDirectories(folder.resolve("disk").resolve("data"));
        Files.createDirectories(data.resolve("inbox"));
        simulator = Simulator.start(SimulatorOptions.in(folder.resolve("simulator"))
                .population(new Population(1_000_000))
                .limits(Limits.NONE));
        orders = new Orders(simulator.population());
        broker = outside ? Optional.of(OutsideBroker.start(folder.resolve("broker"), freePort())) : Optional.empty();
        sender = new Sender(data, broker.map(OutsideBroker::url));
        settings.putAll(Map.of(
                "deprovision.data", data.toString(),
                "deprovision.graph.base-url", simulator.graphBaseUrl().toString(),
                "deprovision.authority", simulator.authority().toString(),
                "deprovision.tls.ca-file", simulator.caFile().toString(),
                "AZURE_TENANT_ID", simulator.tenantId(),
                "AZURE_CLIENT_ID", simulator.clientId(),
                "AZURE_CLIENT_SECRET", simulator.clientSecret(),
                "deprovision.broker.url", broker.map(OutsideBroker::url).orElse("embedded"),
                "deprovision.broker.listen", "127.0.0.1:" + freePort(),
                "deprovision.timeout", "1s"));
        settings.put("deprovision.console.listen", "off");
        settings.putAll(Map.of(
                "deprovision.concurrency", String.valueOf(CONCURRENCY),
                "deprovision.quota.requests", "400",
                "deprovision.quota.reads", "4000",
                "deprovision.quota.window", "200ms",
                "deprovision.in-doubt.read-back", "200ms,1s,2s",
                "deprovision.bulk.size", String.valueOf(Mode.BULK.together),
                "deprovision.guard.max-per-day", "1000000"));
    }

    /** Our own routes, but a file is taken as soon as it is there: what is handed over here is always whole. */
    private static Path home(Path home) throws IOException {
        Files.createDirectories(home);
        for (String part : List.of("routes", "config")) {
            copy(Path.of(part), home.resolve(part));
        }
        Path collect = home.resolve("routes").resolve("collect-files.camel.yaml");
        Files.writeString(collect, Files.readString(collect).replaceAll(" *filter: .*\n", ""));
        return home;
    }

    /** Goes through so many cycles, and then audits. */
    List<String> run(int cycles) throws Exception {
        SplittableRandom dice = new SplittableRandom(seed);
        for (int cycle = 1; cycle <= cycles; cycle++) {
            figures.cycles++;
            cycle(dice.split());
        }
        return settleAndAudit();
    }

    /** From the next start on sends in this mode. */
    Campaign in(Mode other) {
        mode = other;
        settings.put("deprovision.mode", mode.word());
        return this;
    }

    /**
     * Runs with a small load until the process halts at its n-th durable step.
     *
     * @return which step that was; empty when everything was settled before there were so many
     */
    Optional<String> haltAt(int step) throws Exception {
        Path halted = folder.resolve("halted");
        SplittableRandom dice = new SplittableRandom(seed);
        for (int i = 0; i < FEW; i++) {
            handOverFile(1 + i, dice);
            sender.add(orders.make("messages", 1 + i, dice));
        }
        try (Forked service = start(HaltAtStep.option(step, halted))) {
            await("the end of it").atMost(PATIENCE).until(() -> {
                if (service.said("Running.")) {
                    sender.send();
                }
                return !service.isAlive() || (sender.isDone() && hasSettled());
            });
        }
        return Files.exists(halted) ? Optional.of(Files.readString(halted)) : Optional.empty();
    }

    private boolean hasSettled() {
        Remains ledger = Remains.live(data);
        return ledger.isMade()
                && ledger.requests() >= orders.all().size()
                && ledger.unsettled().isEmpty();
    }

    /** Starts once more, lets everything end that can, and says what is wrong then. */
    List<String> settleAndAudit() throws Exception {
        Map<String, List<String>> replies;
        Map<String, List<String>> deadLetters;
        simulator.clearFaults();
        try (Forked service = start()) {
            service.awaitSaying("Running.");
            while (!sender.isDone()) {
                sender.send();
            }
            resume();
            await("all to be taken in and settled").atMost(PATIENCE).until(this::hasSettled);
            replies = sender.replies();
            deadLetters = sender.deadLetters();
            service.tellToEnd();
            exited(service);
        }
        Reckoning reckoning = new Reckoning(data, simulator, orders.all(), sender.sentAgain());
        List<String> problems = new ArrayList<>(reckoning.problems(figures));
        problems.addAll(reckoning.messages(replies, deadLetters));
        return problems;
    }

    private void cycle(SplittableRandom dice) throws Exception {
        in(Mode.of(dice));
        figures.modes.merge(mode.word(), 1, Integer::sum);
        Weather.change(simulator, dice, mode.together);
        handOverFiles(dice.nextInt(2), dice);
        if (dice.nextBoolean()) {
            resume();
        }
        try (Forked service = start()) {
            if (dice.nextInt(100) < 12) {
                service.runFor(dice.nextInt(3_000));
                died(service, "starting", dice);
                return;
            }
            service.awaitSaying("Running.");
            handOverFiles(1 + dice.nextInt(2), dice);
            prepareMessages(dice.nextInt(10), dice);
            Thread sending = new Thread(sender::send, "sender");
            sending.start();
            try {
                live(service, dice);
                end(service, dice);
            } finally {
                service.kill();
                sending.join();
            }
        }
    }

    /** A while with what happens beside the service. */
    private void live(Forked service, SplittableRandom dice) throws Exception {
        service.runFor(dice.nextInt(1_500));
        if (broker.isPresent() && dice.nextInt(100) < 35) {
            figures.brokerKills++;
            broker.get().kill();
            service.runFor(dice.nextInt(300));
            broker.get().startAgain();
        }
        if (disk.isPresent() && dice.nextInt(100) < 25) {
            figures.fullDisks++;
            disk.get().fill();
            service.runFor(dice.nextInt(1_500));
            if (dice.nextBoolean()) {
                disk.get().free();
            }
        }
        service.runFor(dice.nextInt(2_500));
    }

    private void end(Forked service, SplittableRandom dice) throws Exception {
        int way = dice.nextInt(100);
        if (way < 10) {
            disk.ifPresent(Campaign::free);
            service.tellToEnd();
            exited(service);
            figures.drained++;
            check("drained", remains().sending() == 0);
        } else if (way < 16) {
            service.tellToEnd();
            service.runForOrEnd(dice.nextInt(400));
            died(service, "draining", dice);
        } else {
            died(service, "", dice);
        }
    }

    /** Pulls the plug, and looks at what is left. */
    private void died(Forked service, String phase, SplittableRandom dice) throws Exception {
        boolean cut = disk.isEmpty() && Forked.canFreeze() && dice.nextInt(100) < 12;
        if (cut) {
            figures.powerCuts++;
            service.freeze();
            copy(data, folder.resolve("copy"));
        }
        service.kill();
        if (cut) {
            delete(data);
            Files.move(folder.resolve("copy"), data);
        }
        disk.ifPresent(Campaign::free);
        Remains remains = remains();
        if (!remains.isMade()) {
            figures.killed("starting", 0);
            return;
        }
        check("the ledger: " + remains.integrity(), remains.integrity().equals("ok"));
        check(remains.sending() + " in doubt", remains.sending() <= CONCURRENCY * mode.together);
        figures.killed(phase.isEmpty() ? remains.phase() : phase, phase.isEmpty() ? remains.sending() : 0);
    }

    private Remains remains() throws IOException {
        return Remains.of(data, folder.resolve("remains"));
    }

    private static void check(String what, boolean holds) {
        if (!holds) {
            throw new IllegalStateException("Does not hold: " + what);
        }
    }

    private void exited(Forked service) throws InterruptedException {
        int code = service.awaitEnd();
        check("told to end, it ended with " + code + ":\n" + service.output(), code == 0);
    }

    private static void free(SmallDisk disk) {
        try {
            disk.free();
        } catch (IOException stuck) {
            throw new IllegalStateException(stuck);
        }
    }

    private Forked start(String... options) throws IOException {
        return Forked.service(home, settings, folder.resolve("run-" + ++starts + ".log"), options);
    }

    private void handOverFiles(int count, SplittableRandom dice) throws IOException {
        for (int i = 0; i < count; i++) {
            handOverFile(1 + dice.nextInt(60), dice);
        }
    }

    private void handOverFile(int rows, SplittableRandom dice) throws IOException {
        String batch = "file-" + ++files;
        Path part = folder.resolve("disk").resolve(batch + ".part");
        Files.writeString(part, Orders.csv(orders.make(batch, rows, dice)));
        Files.move(part, data.resolve("inbox").resolve(batch + ".csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void prepareMessages(int count, SplittableRandom dice) {
        for (int i = 0; i < count; i++) {
            sender.add(orders.make("messages-" + ++messages / 100, 1 + dice.nextInt(3), dice));
        }
    }

    /** What an administrator does who has seen a pause. */
    private void resume() {
        if (Files.exists(data.resolve("ledger.db"))) {
            try (Ledger ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.db"), Clock.systemUTC())) {
                ledger.pauses().all().forEach(pause -> ledger.pauses().resume(pause.scope(), "the campaign"));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                Files.copy(one, target, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(one);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        broker.ifPresent(OutsideBroker::close);
        disk.ifPresent(SmallDisk::close);
        simulator.close();
    }
}
