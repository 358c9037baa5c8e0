package org.deprovisioner.service;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a stop signal does: the first drains, a second one ends the process at once. Ctrl-C is {@code INT}; {@code TERM} is
 * what service managers send, and what the closing of a console becomes on Windows.
 *
 * <p>The JVM runs its shutdown hooks once, however many signals come, so the signals themselves are taken. That is done by
 * reflection: the class for it is in every JDK, but the compiler warns of its use.
 */
final class StopSignals {

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final Runnable first;
    private final Runnable second;
    private final AtomicInteger received = new AtomicInteger();

    private StopSignals(Runnable first, Runnable second) {
        this.first = first;
        this.second = second;
    }

    /**
     * From now on runs one of these, in a thread of its own, at each signal. A signal that this machine does not have, or
     * that the JVM keeps to itself, still runs the shutdown hooks.
     */
    static void run(Runnable first, Runnable second) {
        StopSignals signals = new StopSignals(first, second);
        SIGNALS.forEach(signals::take);
    }

    private void take(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler received = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    received();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> name;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, received));
        } catch (ReflectiveOperationException | IllegalArgumentException leftToTheJvm) {
            // its shutdown hooks drain
        }
    }

    private void received() {
        (received.getAndIncrement() == 0 ? first : second).run();
    }
}
