package org.deprovisioner.broker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Headers;

/** Stands in for the intake: it fails as told, and keeps what it took. */
public final class Intake {

    /** What the intake does with a message before it takes it. */
    public interface Failure {
        void perhaps(HandedOver message) throws Exception;
    }

    final List<HandedOver> taken = new CopyOnWriteArrayList<>();
    final List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();
    volatile Failure failure = message -> {};

    public void takeIn(HandedOver message, @Headers Map<String, Object> headers) throws Exception {
        failure.perhaps(message);
        this.headers.add(Map.copyOf(headers));
        taken.add(message);
    }
}
