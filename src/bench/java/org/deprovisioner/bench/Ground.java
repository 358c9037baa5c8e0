package org.deprovisioner.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where all run side by side: the stub, an Entra ID for our sign-in, and a folder for each run. */
final class Ground implements AutoCloseable {

    /** What the simulator prints to be pasted into a shell, as far as it is about signing in. */
    private static final Pattern SIGN_IN =
            Pattern.compile("export (AZURE_\\w+|DEPROVISION_AUTHORITY|DEPROVISION_TLS_CA_FILE)='(.*)'");

    private final Path home;
    private final Path lib;
    private final Path folder;
    private final Child stub;
    private final String origin;
    private final Child entra;
    private final Map<String, String> signIn = new TreeMap<>();
    private final HttpClient http;
    private int runs;

    private Ground(Path home, Path lib, Path folder, Child stub, String scheme, Child entra, HttpClient http)
            throws IOException {
        this.home = home;
        this.lib = lib;
        this.folder = folder;
        this.stub = stub;
        this.origin = scheme + "://127.0.0.1:" + stub.output().readLine();
        this.entra = entra;
        this.http = http;
        readSignIn(entra.output());
    }

    static Ground open(Path home, Path lib, Path folder) throws IOException {
        prepare(folder);
        return new Ground(
                home, lib, folder, stub(folder, List.of()), "http", entra(home, lib, folder), HttpClient.newHttpClient());
    }

    /** Another one beside this, whose stub speaks TLS. */
    Ground overTls() throws Exception {
        Path own = Files.createDirectories(folder.resolve("tls"));
        prepare(own);
        StubCertificate certificate = StubCertificate.in(own);
        HttpClient trusting = HttpClient.newBuilder().sslContext(certificate.trust()).build();
        Ground ground = new Ground(
                home, lib, own, stub(own, certificate.arguments()), "https", entra(home, lib, own), trusting);
        String authorities = variable("deprovision.tls.ca-file");
        Path trusted = certificate.trustedBeside(Path.of(ground.signIn.get(authorities)));
        ground.signIn.put(authorities, trusted.toString());
        return ground;
    }

    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(folder.resolve("config/protected-devices.csv"), "id,serialNumber\n");
        Files.writeString(folder.resolve("config/application.properties"), "");
    }

    private static Child stub(Path folder, List<String> arguments) throws IOException {
        List<String> command = java(List.of(), Stub.class.getName(), arguments.toArray(String[]::new));
        return Child.start(command, Map.of(), folder.resolve("stub.log"), true);
    }

    private static Child entra(Path home, Path lib, Path folder) throws IOException {
        return Child.start(
                ours(home, lib, List.of(), "simulator", "--port", "0"), Map.of(), folder.resolve("entra.log"), true);
    }

    /** What the simulator tells a service to sign in with. */
    private void readSignIn(BufferedReader output) throws IOException {
        for (String line = output.readLine(); !String.valueOf(line).startsWith("Or this"); line = output.readLine()) {
            if (line == null) {
                throw new IOException("The simulator ended, see " + folder.resolve("entra.log"));
            }
            Matcher setting = SIGN_IN.matcher(line);
            if (setting.matches()) {
                signIn.put(setting.group(1), setting.group(2));
            }
        }
    }

    static String variable(String key) {
        return key.startsWith("AZURE_")
                ? key
                : key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    static List<String> java(List<String> options, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(jvm(), "-Xmx512m"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    static String jvm() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The command line that the launcher makes of a command that sends. */
    private static List<String> ours(Path home, Path lib, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                jvm(), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(options);
        command.addAll(List.of("-Dfile.encoding=UTF-8", "-Ddeprovision.home=" + home, "-jar", jar(lib)));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String jar(Path lib) {
        try (var jars = Files.newDirectoryStream(lib, "deprovisioner-*.jar")) {
            return jars.iterator().next().toString();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    Path home() {
        return home;
    }

    String baseUrl() {
        return origin + "/beta";
    }

    void order(Orders orders) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(control("/stub?" + orders.query()))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    Map<String, Double> tally() throws IOException, InterruptedException {
        return Stub.read(
                send(HttpRequest.newBuilder(control("/stub")).build()).lines().toList());
    }

    /** Calls taken and refused in each second. */
    List<String> seconds() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(control("/stub/seconds")).build())
                .lines()
                .toList();
    }

    private URI control(String path) {
        return URI.create(origin + path);
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Runs a loop of ours or of somebody else's against the stub, to its end. */
    Map<String, Double> loop(Orders orders, String mainClass, String... arguments)
            throws IOException, InterruptedException {
        order(orders);
        List<String> all = new ArrayList<>(List.of(baseUrl()));
        all.addAll(List.of(arguments));
        try (Child child = Child.start(
                java(List.of(), mainClass, all.toArray(String[]::new)), Map.of(), log(mainClass), false)) {
            child.await(() -> {});
        }
        return tally();
    }

    private Path log(String name) {
        return folder.resolve(String.format("%03d-%s.log", ++runs, name.substring(name.lastIndexOf('.') + 1)));
    }

    /** A run of the program itself: its data folder, and what it is told. */
    Run run(String name) throws IOException {
        Path own = Files.createDirectories(folder.resolve(String.format("%03d-%s", ++runs, name)));
        return new Run(own, new TreeMap<>());
    }

    /** A file with so many devices, each once. */
    Path file(int rows) throws IOException {
        Path file = folder.resolve(rows + ".csv");
        if (!Files.exists(file)) {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                out.write("managedDeviceId,deprovisionReason\n");
                for (int row = 1; row <= rows; row++) {
                    out.write(Loops.device(row) + "," + Loops.REASON + "\n");
                }
            }
        }
        return file;
    }

    /** A file with so many devices of each tenant of {@link Run#withTenants}, in turns. */
    Path file(int tenants, int devices) throws IOException {
        Path file = folder.resolve(tenants + "-tenants.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("tenant,managedDeviceId,deprovisionReason\n");
            for (int row = 0; row < tenants * devices; row++) {
                out.write("t" + (row % tenants + 1) + "," + Loops.device(row + 1) + "," + Loops.REASON + "\n");
            }
        }
        return file;
    }

    @Override
    public void close() {
        entra.close();
        stub.close();
    }

    /** One run of the program. */
    final class Run {

        private final Path data;
        private final Map<String, String> settings;

        private Run(Path data, Map<String, String> settings) {
            this.data = data;
            this.settings = settings;
            settings.putAll(signIn);
            set("deprovision.graph.base-url", baseUrl());
            set("deprovision.data", data.toString());
            set("deprovision.config", folder.resolve("config").toString());
            set(
                    "deprovision.guard.protected",
                    folder.resolve("config/protected-devices.csv").toString());
            set("deprovision.broker.url", "none");
            set("deprovision.console.listen", "off");
            set("deprovision.console.listen", "off");
            set("deprovision.guard.max-per-batch", "10000000");
            set("deprovision.guard.max-per-day", "10000000");
        }

        Run set(String key, String value) {
            settings.put(variable(key), value);
            return this;
        }

        /** So many tenants, {@code t1} and on, each with an id of its own and the sign-in of all. */
        Run withTenants(int count) {
            settings.remove("AZURE_TENANT_ID");
            for (int tenant = 1; tenant <= count; tenant++) {
                set("deprovision.tenants.t" + tenant + ".tenant-id", Loops.device(tenant));
            }
            return this;
        }

        /** As many calls as Graph takes of one app in one tenant. */
        Run withGraphsQuota() {
            return set("deprovision.quota.requests", "200")
                    .set("deprovision.quota.reads", "1800")
                    .set("deprovision.quota.window", "20s");
        }

        /** As many calls as the machine can make. */
        Run withoutQuota() {
            return set("deprovision.quota.requests", "1000000")
                    .set("deprovision.quota.reads", "1000000")
                    .set("deprovision.quota.window", "100ms");
        }

        Path ledger() {
            return data.resolve("ledger.db");
        }

        /** Hands a file over and sends all of it. */
        Child submit(Path file, Runnable look) throws IOException, InterruptedException {
            return start("submit", file.toString(), "--wait", "--yes").await(look);
        }

        Child start(String... arguments) throws IOException {
            return Child.start(ours(home, lib, List.of(), arguments), settings, data.resolve("log"), false);
        }

        /** The same through the launcher, as a user starts it. */
        Child launch(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(home.resolve("deprovision").toString()));
            command.addAll(List.of(arguments));
            return Child.start(command, settings, data.resolve("log"), false);
        }
    }
}
