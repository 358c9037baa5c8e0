package org.deprovisioner.cli;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.service.Service;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.Population;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import org.deprovisioner.simulator.SimulatorOptions.App;
import org.deprovisioner.simulator.SimulatorOptions.Limits;
import org.deprovisioner.vault.HashicorpFunction;

/** The real service in this process, with the real routes, against the simulator over TLS. */
final class Stage implements AutoCloseable {

    static final String HEADER = "managedDeviceId,deprovisionReason";
    static final String TENANTS_HEADER = "tenant," + HEADER + "\n";
    static final String REASON = "Device returned";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path data;
    final Simulator simulator;
    private final Map<String, String> settings = new TreeMap<>();
    private final List<ManagedDevice> chromebooks;
    private final Ledger ledger;
    private Optional<Service> service = Optional.empty();

    private Stage(Path folder, Simulator simulator, Map<String, String> more) throws IOException {
        this.data = Files.createDirectories(folder.resolve("data"));
        this.simulator = simulator;
        this.chromebooks = new ArrayList<>(simulator
                .population()
                .devices()
                .filter(ManagedDevice::isChromeOs)
                .toList());
        settings.putAll(SimulatorCommand.settings(simulator));
        Path protectedDevices = folder.resolve("protected-devices.csv");
        Files.writeString(protectedDevices, "id,serialNumber\n");
        set("deprovision.guard.protected", protectedDevices.toString());
        set("deprovision.data", data.toString());
        set("deprovision.broker.url", "none");
        set("deprovision.console.listen", "off");
        set("deprovision.broker.listen", "127.0.0.1:" + freePort());
        set("deprovision.quota.requests", "2000");
        set("deprovision.quota.window", "1s");
        set("deprovision.quota.reads", "20000");
        set("deprovision.guard.max-per-day", "100000");
        set("deprovision.inbox.quiet", "1s");
        set("deprovision.in-doubt.read-back", "200ms,400ms");
        settings.putAll(more);
        this.ledger = Ledger.open(configuration().settings().ledgerDatabase(), Clock.systemUTC());
    }

    /** A stage below a folder, with a simulator that runs and a service that does not yet. */
    static Stage in(Path folder) throws IOException {
        return in(folder, App.REGISTERED);
    }

    /** The same, where this app signs in. */
    static Stage in(Path folder, App app) throws IOException {
        return new Stage(
                folder,
                Simulator.start(SimulatorOptions.in(folder.resolve("simulator"))
                        .app(app)
                        .population(new Population(1000))
                        .limits(Limits.NONE)),
                Map.of());
    }

    /** A stage whose ledger is in this database of PostgreSQL, and whose simulator allows no more than these limits. */
    static Stage onPostgres(Path folder, String url, Limits limits) throws IOException {
        return onPostgres(folder, url, limits, 1000);
    }

    /** The same, with so many devices. */
    static Stage onPostgres(Path folder, String url, Limits limits, int devices) throws IOException {
        return new Stage(
                folder,
                Simulator.start(SimulatorOptions.in(folder.resolve("simulator"))
                        .population(new Population(devices))
                        .limits(limits)),
                signedIn(url));
    }

    private static Map<String, String> signedIn(String url) {
        Map<String, String> signedIn = new TreeMap<>(Map.of("deprovision.ledger.url", url.replaceFirst("[?].*", "")));
        Stream.of(url.replaceFirst("[^?]*[?]?", "").split("&"))
                .map(parameter -> parameter.split("=", 2))
                .filter(parameter -> parameter.length == 2)
                .forEach(parameter -> signedIn.put("deprovision.ledger." + parameter[0], parameter[1]));
        return signedIn;
    }

    /** The settings of a machine of this name, with a data folder of its own. */
    Map<String, String> machine(String name) {
        Map<String, String> own = new TreeMap<>(settings);
        own.put("deprovision.node", name);
        own.put("deprovision.data", data.resolveSibling(name).toString());
        return own;
    }

    /** Hands a file over to a machine. */
    void submitAt(String machine, String batch, List<ManagedDevice> devices) throws IOException {
        StringBuilder content = new StringBuilder(HEADER).append('\n');
        devices.forEach(device -> content.append(row(device)).append('\n'));
        Path inbox = Files.createDirectories(data.resolveSibling(machine).resolve("inbox"));
        Path part = inbox.resolve("." + batch + ".part");
        Files.writeString(part, content);
        Files.move(part, inbox.resolve(batch + ".csv"));
    }

    Stage set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Map<String, String> settings() {
        return settings;
    }

    Configuration configuration() {
        return SettingsReader.ofDefaults(home(), settings)
                .withVaults(HashicorpFunction::new)
                .readWithCredentials();
    }

    static Path home() {
        return Path.of("").toAbsolutePath();
    }

    Stage start() throws Exception {
        service = Optional.of(Service.start(configuration()));
        return this;
    }

    void stop() {
        service.ifPresent(Service::close);
        service = Optional.empty();
    }

    Ledger ledger() {
        return ledger;
    }

    Path protectedDevices() {
        return Path.of(settings.getOrDefault("deprovision.guard.protected", ""));
    }

    /** A Chromebook that no test has used yet. */
    ManagedDevice next() {
        return chromebooks.remove(chromebooks.size() - 1);
    }

    List<ManagedDevice> next(int count) {
        return Stream.generate(this::next).limit(count).toList();
    }

    /** Hands a file over where the inbox leaves it once it stood still, to spare each test that time. */
    void submit(String batch, String content) throws IOException {
        Path part = data.resolve(batch + ".part");
        Files.writeString(part, content);
        long intake = ledger.intakes().openFile(batch + ".csv", "tester");
        Path working = Files.createDirectories(data.resolve("inbox").resolve(".working"));
        Files.move(part, working.resolve(intake + "-" + batch + ".csv"));
    }

    void submit(String batch, List<ManagedDevice> devices) throws IOException {
        StringBuilder content = new StringBuilder(HEADER);
        devices.forEach(device -> content.append('\n').append(row(device)));
        submit(batch, content.append('\n').toString());
    }

    void submit(String batch, ManagedDevice... devices) throws IOException {
        submit(batch, List.of(devices));
    }

    static String row(ManagedDevice device) {
        return device.id() + "," + REASON;
    }

    /** Rows below {@link #TENANTS_HEADER}. */
    static String rows(String tenant, List<ManagedDevice> devices) {
        StringBuilder rows = new StringBuilder();
        devices.forEach(
                device -> rows.append(tenant).append(',').append(row(device)).append('\n'));
        return rows.toString();
    }

    /** Waits until a batch has so many rows, all of them settled, and gives how many ended with which outcome. */
    Map<String, Long> settled(String batch, int rows) {
        return until(batch, now -> now.rows() == rows && now.in(State.DONE, State.DEAD, State.CANCELLED) == rows)
                .outcomes();
    }

    Progress until(String batch, Predicate<Progress> condition) {
        return await("batch " + batch)
                .atMost(PATIENCE)
                .until(
                        () -> ledger.batches().progress(batch),
                        now -> now.filter(condition).isPresent())
                .orElseThrow();
    }

    /** Waits for a pause with this cause. */
    Pause paused(String cause) {
        return await("a pause for " + cause)
                .atMost(PATIENCE)
                .until(
                        () -> ledger.pauses().all().stream()
                                .filter(pause -> pause.cause().equals(cause))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Approves what is held of a batch; whether that released it. */
    boolean approve(String batch, long devices) {
        return ledger.approvals()
                        .approve(
                                new BatchApproval(batch, devices, "ada", ""),
                                submitters -> Optional.empty(),
                                Duration.ZERO)
                instanceof Verdict.Released;
    }

    /** Lets the next probe of what is paused come now, and not after the time that it is waited for. */
    void probeNow() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update pause set next_probe = 0 where probing = 0");
        }
    }

    void resume() {
        ledger.pauses().all().forEach(pause -> ledger.pauses().resume(pause.scope(), "ada"));
    }

    List<Result> results(String batch) {
        List<Result> rows = new ArrayList<>();
        ledger.batches().results(batch, rows::add);
        return rows;
    }

    /** The outcome of the first row of a batch that names a device. */
    Outcome outcome(String batch, ManagedDevice device) {
        return results(batch).stream()
                .filter(row -> row.cells().contains(device.id()))
                .findFirst()
                .flatMap(Result::outcome)
                .orElseThrow();
    }

    /** The text of a file once it is there and has this text in it. */
    static String written(Path file, String text) {
        return await(file + " with " + text).atMost(PATIENCE).until(() -> text(file), now -> now.contains(text));
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /** What the simulator's Entra answers, on the wire, when it is asked for a token with this form. */
    String signIn(String form) throws IOException {
        HttpPost post = new HttpPost(URI.create(simulator.authority() + "/oauth2/v2.0/token"));
        post.setEntity(new StringEntity(form, ContentType.APPLICATION_FORM_URLENCODED));
        Settings.Graph reach = new Settings.Graph(
                simulator.graphBaseUrl(), PATIENCE, Optional.of(simulator.caFile()), Optional.empty());
        try (GraphHttp http = new GraphHttp(reach, 1);
                CloseableHttpClient client = http.client()) {
            return client.execute(post, said -> RawServer.json(said.getCode(), EntityUtils.toString(said.getEntity())));
        }
    }

    /** A token for Graph that the simulator takes. */
    String token() throws IOException {
        String form = "grant_type=client_credentials&client_id=" + simulator.clientId() + "&client_secret="
                + simulator.clientSecret() + "&scope=https://graph.microsoft.com/.default";
        return JsonMapper.builder()
                .build()
                .readTree(signIn(form).split("\r\n\r\n", 2)[1])
                .get("access_token")
                .asText();
    }

    /** The calls that were to deprovision a device. */
    List<Call> actions(ManagedDevice device) {
        return actions().filter(call -> device.id().equals(call.deviceId())).toList();
    }

    Stream<Call> actions() {
        return simulator.calls().stream().filter(call -> call.path().endsWith("/deprovision"));
    }

    int executions(ManagedDevice device) {
        return simulator.population().executions(device.id()).size();
    }

    long executed(List<ManagedDevice> devices) {
        return devices.stream().mapToLong(this::executions).sum();
    }

    /** The files of the data folder that have one of these texts in them. */
    List<Path> filesWith(String... texts) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(texts).anyMatch(latin(file)::contains))
                    .toList();
        }
    }

    private static String latin(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        stop();
        ledger.close();
        simulator.close();
    }
}
