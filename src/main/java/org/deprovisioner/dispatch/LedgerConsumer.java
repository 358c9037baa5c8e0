package org.deprovisioner.dispatch;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes work out of the ledger as fast as the route finishes it, and no faster; each part of its source by a pump. */
final class LedgerConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

    private final List<LedgerPump> pumps;
    private final String name;

    LedgerConsumer(
            Endpoint endpoint, Processor processor, LedgerSource<Object> source, String name, int workers, int ahead) {
        super(endpoint, processor);
        this.name = name;
        List<LedgerSource<Object>> parts = source.parts();
        this.pumps = parts.stream()
                .map(part -> new LedgerPump(part, this::process, name, parts.size(), workers, ahead))
                .toList();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        pumps.forEach(LedgerPump::start);
    }

    /** Takes nothing more, and waits for what is under way: Camel would go on to end the routes that it still needs. */
    @Override
    protected void doStop() throws Exception {
        pumps.forEach(LedgerPump::close);
        long seconds = getEndpoint().getCamelContext().getShutdownStrategy().getTimeout();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (LedgerPump pump : pumps) {
            if (!pump.awaitEnd(until - System.nanoTime())) {
                LOG.warn("{}: not all that was under way ended within {} s.", name, seconds);
            }
        }
        super.doStop();
    }

    private void process(Object work) throws Exception {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(work);
        try {
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
