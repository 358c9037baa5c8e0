package org.deprovisioner.dispatch;

import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The endpoint {@code ledger:<source>?workers=16&ahead=16}: takes work out of the ledger and gives each piece to the route,
 * at most {@code workers} at once; {@code ahead} pieces more are leased meanwhile. The source is a bean of that name. What
 * leaves by several channels is taken as {@code ledger:<source>?channel=mail}, by each of them all of it.
 */
public final class LedgerComponent extends DefaultComponent {

    /** Of machines that share a ledger each does this by itself: what came in there leaves there. */
    private static final Set<String> OF_EACH_MACHINE = Set.of("changed-files", "changed-batches");

    private final BooleanSupplier works;

    /** Of a service that works its ledger off alone. */
    public LedgerComponent() {
        this(() -> true);
    }

    /** @param works whether this service works the ledger off now */
    public LedgerComponent(BooleanSupplier works) {
        this.works = works;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        LedgerEndpoint endpoint = new LedgerEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** One source of work. */
    public static final class LedgerEndpoint extends DefaultEndpoint {

        private final String source;
        private final BooleanSupplier works;
        private int workers = 1;
        private int ahead;
        private String channel = "";

        LedgerEndpoint(String uri, LedgerComponent component, String source) {
            super(uri, component);
            this.works = OF_EACH_MACHINE.contains(source) ? () -> true : component.works;
            this.source = source;
        }

        /** How many pieces are worked on at once. */
        public void setWorkers(int workers) {
            this.workers = workers;
        }

        /** How many pieces are leased beyond that. */
        public void setAhead(int ahead) {
            this.ahead = ahead;
        }

        /** By which channel it leaves; a name of the route's own choice. */
        public void setChannel(String channel) {
            this.channel = channel;
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException(
                    "Work is put into the ledger by intake, not by " + getEndpointUri());
        }

        @Override
        @SuppressWarnings("unchecked")
        public Consumer createConsumer(Processor processor) {
            LedgerSource<Object> work = channel.isEmpty()
                    ? CamelContextHelper.mandatoryLookup(getCamelContext(), source, LedgerSource.class)
                    : CamelContextHelper.mandatoryLookup(getCamelContext(), source, LedgerSource.ByChannel.class)
                            .of(channel);
            return new LedgerConsumer(
                    this,
                    processor,
                    work.onlyWhile(works),
                    channel.isEmpty() ? source : source + "-" + channel,
                    workers,
                    ahead);
        }
    }
}
