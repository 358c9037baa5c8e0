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

    static void bind(Registry registry, Calls calls, Settlements settlements, CallEdge edge) {
        registry.bind("calls.action", step(Lease.class, calls::action));
        registry.bind("calls.isStale", (Predicate) exchange -> calls.isStale(body(exchange, Call.class)));
        registry.bind("calls.authorize", step(GraphCall.class, calls::authorize));
        registry.bind("calls.awaitPermit", step(GraphCall.class, calls::awaitPermit));
        registry.bind("calls.checkBrakes", step(GraphCall.class, calls::checkBrakes));
        registry.bind("calls.begin", step(GraphCall.class, calls::begin));
        registry.bind("settlements.refuseProtected", step(GraphCall.class, settlements::refuseProtected));
        registry.bind(
                "settlements.settle", (Processor) exchange -> settlements.settle(body(exchange, GraphCall.class)));
        registry.bind("callEdge.say", (Processor) edge::say);
        registry.bind("callEdge.hear", (Processor) edge::hear);
    }

    private static <T> Processor step(Class<T> type, Step<T> step) {
        return exchange -> exchange.getMessage().setBody(step.take(body(exchange, type)));
    }

    private static <T> T body(Exchange exchange, Class<T> type) {
        return Objects.requireNonNull(type.cast(exchange.getMessage().getBody()));
    }
}
