package org.deprovisioner.faults;

import static net.bytebuddy.matcher.ElementMatchers.nameMatches;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.ClassicHttpRequest;

/**
 * A Java agent that counts the durable steps of the process that it is in, and halts it at the n-th: after a commit of the
 * ledger, after a file was moved or written, after a message was acknowledged or sent, and before and after a call that
 * acts. The program knows nothing of it.
 */
public final class HaltAtStep {

    private static final AtomicInteger STEPS = new AtomicInteger();

    /** What is a step, by class and method; it is taken when the method ends. */
    private static final Map<String, String> AFTER = Map.of(
            "org.sqlite.SQLiteConnection", "commit",
            "org.deprovisioner.rights.FreePlace", "link|move",
            "org.apache.activemq.artemis.jms.client.ActiveMQSession", "commit",
            "org.deprovisioner.outcome.OwnFiles", "publish",
            "org.deprovisioner.intake.FileIntake", "collect|write",
            "org.deprovisioner.audit.AuditLog", "write");

    private static int last;
    private static Path halted = Path.of("");

    private HaltAtStep() {}

    /** The option that lets a virtual machine halt at its n-th step, and say which it was in a file. */
    static String option(int step, Path halted) throws IOException {
        Path jar = halted.resolveSibling("agent.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", HaltAtStep.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream empty = new JarOutputStream(file, manifest)) {
            empty.finish();
        }
        return "-javaagent:" + jar + "=" + step + "," + halted;
    }

    /** Begins to count. */
    public static void premain(String argument, Instrumentation instrumentation) {
        String[] both = argument.split(",", 2);
        last = Integer.parseInt(both[0]);
        halted = Path.of(both[1]);
        AgentBuilder agent = new AgentBuilder.Default();
        for (Map.Entry<String, String> step : AFTER.entrySet()) {
            agent = agent.type(named(step.getKey()))
                    .transform((builder, type, loader, module, domain) ->
                            builder.visit(Advice.to(After.class).on(nameMatches(step.getValue()))));
        }
        agent.type(named("org.deprovisioner.graph.GraphHttp"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Around.class).on(named("sending"))))
                .installOn(instrumentation);
    }

    /** Counts a step, and halts the process when it is the last one. */
    public static void step(String what) {
        if (STEPS.incrementAndGet() == last) {
            try {
                Files.writeString(halted, what);
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
            Runtime.getRuntime().halt(137);
        }
    }

    /** Whether a call acts on devices, or may: a {@code $batch} can be one of looks. */
    public static boolean acts(ClassicHttpRequest request) {
        return request.getMethod().equals("POST")
                && Stream.of("/deprovision", "/executeAction", "/$batch").anyMatch(request.getPath()::endsWith);
    }

    /** Is copied to the end of a method. */
    static final class After {
        private After() {}

        @Advice.OnMethodExit
        static void after(@Advice.Origin("#t#m") String method) {
            step("after " + method);
        }
    }

    /** Is copied around the method that makes a call. */
    static final class Around {
        private Around() {}

        @Advice.OnMethodEnter
        static void before(@Advice.Argument(0) ClassicHttpRequest request) {
            if (acts(request)) {
                step("right before the call");
            }
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class)
        static void after(@Advice.Argument(0) ClassicHttpRequest request) {
            if (acts(request)) {
                step("right after the call");
            }
        }
    }
}
