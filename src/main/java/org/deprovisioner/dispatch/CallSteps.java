package org.deprovisioner.dispatch;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.spi.Registry;
import org.deprovisioner.ledger.Lease;

/**
 * The steps that each call takes, as processors for the routes. Of a bean Camel would look up the method and its argument
 * by reflection each time a call comes by, which costs more than the step.
 */
final class CallSteps {

    private CallSteps() {}

    /** What a step makes of the body. */
    @FunctionalInterface
    private interface Step<T> {
        Object take(T body) throws Exception;
    }

    static void bind(
            Registry registry,
            Calls calls,
            Protection protection,
            ActionSettlements actions,
            PollSettlements polls,
            ProbeSettlements probes,
            CallEdge edge) {
        registry.bind("calls.isStale", (Predicate) exchange -> calls.isStale(body(exchange, Call.class)));
        registry.bind("calls.action", step(Lease.class, calls::action));
        registry.bind("calls.authorize", step(Call.class, calls::authorize));
        registry.bind("calls.awaitPermit", step(Call.class, calls::awaitPermit));
        registry.bind("calls.checkBrakes", step(Call.class, calls::checkBrakes));
        registry.bind("protection.refuseProtected", step(Call.class, protection::refuseProtected));
        registry.bind("calls.begin", step(Call.class, calls::begin));
        registry.bind("callEdge.say", caught(edge::say));
        registry.bind("callEdge.hear", caught(edge::hear));
        registry.bind("callEdge.hearNothing", caught(edge::hearNothing));
        registry.bind("actionSettlements.settle", caught(call -> actions.settle(body(call, Call.class))));
        registry.bind("pollSettlements.settle", caught(call -> polls.settle(body(call, Call.class))));
        registry.bind("probeSettlements.settle", caught(call -> probes.settle(body(call, Call.class))));
    }

    private static <T> Processor step(Class<T> type, Step<T> step) {
        return caught(exchange -> exchange.getMessage().setBody(step.take(body(exchange, type))));
    }

    /** An error is for the route's error handler, too: past a processor that throws one, Camel goes on to the next step. */
    static Processor caught(Processor step) {
        return exchange -> {
            try {
                step.process(exchange);
            } catch (Exception | Error fault) {
                exchange.setException(fault);
            }
        };
    }

    private static <T> T body(Exchange exchange, Class<T> type) {
        return Objects.requireNonNull(type.cast(exchange.getMessage().getBody()));
    }
}
