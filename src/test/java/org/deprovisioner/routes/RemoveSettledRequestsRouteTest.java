package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.spi.Registry;
import org.deprovisioner.ledger.Retention;
import org.junit.jupiter.api.Test;

/** Says which batches the ledger removed since they were settled long ago. */
class RemoveSettledRequestsRouteTest extends RouteTest {

    @Override
    Map<String, String> settings() {
        return Map.of("deprovision.retention", "90d");
    }

    @Override
    void bind(Registry beans) {}

    @Test
    void whatTheLedgerRemovedIsSaid() {
        assertThat(from()).isEqualTo("ledger:expired-batches");
        assertThat(run(new Retention.Removed("leavers", 3)).getException()).isNull();
        assertThat(steps()).containsExactly("remove-settled-requests.say-so");
    }

    @Test
    void withoutRetentionTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.retention", "off")).isFalse();
        assertThat(isThereWhere("deprovision.retention", "90d")).isTrue();
    }
}
