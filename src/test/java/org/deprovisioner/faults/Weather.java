package org.deprovisioner.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.Fault.Match;
import org.deprovisioner.simulator.Simulator;

/** What Graph and the way to it do to calls for a while. */
enum Weather {
    EXECUTED_THEN_RESET {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(share(dice, 0.05), Effect.RESET.afterExecuting());
        }
    },
    EXECUTED_THEN_BAD_GATEWAY {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(
                    share(dice, 0.05), Effect.page(502, "<h1>Bad gateway</h1>").afterExecuting());
        }
    },
    EXECUTED_THEN_FAILED {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(
                    share(dice, 0.05), Effect.error(500, "InternalServerError").afterExecuting());
        }
    },
    RESET_BEFORE {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(share(dice, 0.05), Effect.RESET);
        }
    },
    HANGS {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(share(dice, 0.04), dice.nextBoolean() ? Effect.HANG : Effect.HANG.afterExecuting());
        }
    },
    THROTTLED {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(
                    share(dice, 0.2), Effect.error(429, "TooManyRequests").headers(Map.of("Retry-After", "0.2")));
        }
    },
    THROTTLED_ALL {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(
                    Match.ALL.path("/beta/").times(20),
                    Effect.error(429, "TooManyRequests").headers(Map.of("Retry-After", "0.3")));
        }
    },
    UNAVAILABLE {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(share(dice, 0.1), Effect.error(503, "ServiceUnavailable"));
        }
    },
    GATEWAY_STORM {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(ACTION.times(8), Effect.page(504, "<h1>Gateway timeout</h1>"));
        }
    },
    NO_TOKENS {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(Match.TOKEN.times(2), Effect.page(503, "<h1>Down for maintenance</h1>"));
        }
    },
    READS_FAIL {
        @Override
        void over(Simulator simulator, SplittableRandom dice) {
            simulator.fault(
                    Match.ALL.method("GET").rate(0.1, dice.nextLong()),
                    dice.nextBoolean() ? Effect.RESET : Effect.page(502, "<h1>Bad gateway</h1>"));
        }
    };

    /** Every action, be it alone, in a batch or in bulk; of a bulk call each of its devices, too. */
    private static final Match ACTION = Match.ALL.method("POST").path("/(deprovision|executeAction)$");

    private static final int MOST_AT_ONCE = 4;

    abstract void over(Simulator simulator, SplittableRandom dice);

    /**
     * Changes the weather; each action takes a moment, so that there is something to cut off.
     *
     * @param together how many actions go in one call at most
     */
    static List<Weather> change(Simulator simulator, SplittableRandom dice, int together) {
        simulator.clearFaults();
        List<Weather> now = new ArrayList<>();
        for (int i = dice.nextInt(MOST_AT_ONCE); i > 0; i--) {
            Weather one = values()[dice.nextInt(values().length)];
            now.add(one);
            one.over(simulator, dice);
        }
        simulator.fault(ACTION, Effect.delay(Duration.ofMillis((20 + dice.nextInt(100)) / together)));
        return now;
    }

    private static Match share(SplittableRandom dice, double share) {
        return ACTION.rate(share, dice.nextLong());
    }
}
