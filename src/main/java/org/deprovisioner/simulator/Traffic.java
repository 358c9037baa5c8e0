package org.deprovisioner.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What each call passes on its way: the faults that are set, and the log. */
final class Traffic {

    private final List<Trap> traps = new CopyOnWriteArrayList<>();
    private final CallLog log;

    Traffic(CallLog log) {
        this.log = log;
    }

    void set(Fault fault) {
        traps.add(new Trap(fault));
    }

    void clear() {
        traps.clear();
    }

    List<Fault> faults() {
        return traps.stream().map(trap -> trap.fault).toList();
    }

    /** Lets a service answer, unless a fault is in the way, and notes what was answered. */
    SimulatorAnswer pass(Incoming call, Function<Incoming, SimulatorAnswer> service) {
        SimulatorAnswer answer =
                strike(call).map(effect -> disturbed(effect, call, service)).orElseGet(() -> service.apply(call));
        log.add(call.answered(answer, !call.path().endsWith("/token")));
        return answer;
    }

    private Optional<Fault.Effect> strike(Incoming call) {
        for (Trap trap : traps) {
            if (trap.strikes(call)) {
                return Optional.of(trap.fault.effect());
            }
        }
        return Optional.empty();
    }

    private static SimulatorAnswer disturbed(
            Fault.Effect effect, Incoming call, Function<Incoming, SimulatorAnswer> service) {
        if (effect.ending() == Fault.Ending.ANSWER && effect.status() == 0) {
            return service.apply(call).with(effect.headers()).late(effect.delay());
        }
        int executions = effect.execute() ? service.apply(call).executions() : 0;
        if (effect.ending() != Fault.Ending.ANSWER) {
            return new SimulatorAnswer(effect.ending(), effect.delay(), 0, Map.of(), "", executions);
        }
        SimulatorAnswer answer = effect.code() == null
                ? SimulatorAnswer.of(effect.status(), Map.of(), effect.body())
                : Graph.traced(
                        call,
                        new RefusalException(effect.status(), effect.code(), "On demand.", Map.of()).answer(call));
        return answer.with(effect.headers()).late(effect.delay()).executed(executions);
    }

    /** A fault that waits for its calls. */
    private static final class Trap {

        private final Fault fault;
        private final Pattern path;
        private final SplittableRandom dice;
        private int struck;

        Trap(Fault fault) {
            this.fault = fault;
            this.path = Pattern.compile(
                    fault.match().path() == null ? "" : fault.match().path());
            this.dice = new SplittableRandom(fault.match().seed());
        }

        boolean strikes(Incoming call) {
            Fault.Match match = fault.match();
            return (match.method() == null || match.method().equals(call.method()))
                    && (match.deviceId() == null
                            ? !"executeAction".equals(call.via())
                            : match.deviceId().equalsIgnoreCase(call.target().deviceId()))
                    && path.matcher(call.path()).find()
                    && falls(match);
        }

        private synchronized boolean falls(Fault.Match match) {
            return (match.times() == 0 || struck < match.times())
                    && (match.rate() == 0 || dice.nextDouble() < match.rate())
                    && ++struck > 0;
        }
    }
}
