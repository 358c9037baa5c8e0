package org.deprovisioner.dispatch;

import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes work out of the ledger as fast as the route finishes it, and no faster. */
final class LedgerConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

    private final LedgerPump pump;
    private final String name;

    LedgerConsumer(
            Endpoint endpoint, Processor processor, LedgerSource<Object> source, String name, int workers, int ahead) {
        super(endpoint, processor);
        this.name = name;
        this.pump = new LedgerPump(source, this::process, name, workers, ahead);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        pump.start();
    }

    /** Takes nothing more, and waits for what is under way: Camel would go on to end the routes that it still needs. */
    @Override
    protected void doStop() throws Exception {
        pump.close();
        long seconds = getEndpoint().getCamelContext().getShutdownStrategy().getTimeout();
        if (!pump.awaitEnd(TimeUnit.SECONDS.toNanos(seconds))) {
            LOG.warn("{}: not all that was under way ended within {} s.", name, seconds);
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
