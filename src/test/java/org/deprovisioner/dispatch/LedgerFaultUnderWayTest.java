package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Headers;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.FaultySource;
import org.deprovisioner.store.StoreException;
import org.deprovisioner.token.BearerToken;
import org.deprovisioner.token.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The ledger cannot be written while the answer to a call is in hand: with the real error handling and a real ledger. */
class LedgerFaultUnderWayTest extends LedgerFixture {

    private static final GraphAnswer NO_CONTENT = new GraphAnswer.Http(204, new Headers(Map.of()), "", Instant.EPOCH);

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Pace pace =
            new Pace(Map.of("default", new Pace.Quota(10, 10, Duration.ofMillis(1))), System::nanoTime);
    private final AtomicInteger faults = new AtomicInteger();
    private RuntimeException fault = new StoreException("/var/lib/secret-place/ledger.db", null);
    private Processor answer = exchange -> {};

    @BeforeEach
    void start() throws Exception {
        ProtectedDevices none = new ProtectedDevices(
                data.resolve("protected-devices.csv"), ledger.protectedLists(), clock, System::nanoTime);
        Tokens tokens = new Tokens(
                Map.of(), URI.create("https://graph.example"), data, HttpClients.createMinimal(), clock, new Random());
        TenantMemory memory = new TenantMemory(ledger.pauses());
        Calls calls = new Calls(
                "https://graph.example/beta",
                Settings.Mode.SINGLE,
                ledger.claims(),
                ledger.resolutions(),
                ledger.attempts(),
                tokens,
                pace,
                new Brakes(data, none, ledger.pauses(), Optional.empty(), clock),
                memory,
                new Tenants(ledger.pauses(), pace, tokens, memory, clock),
                new Justifications(Optional.empty(), ledger.awaitingApproval()),
                Optional.empty(),
                clock,
                clock::nanoTime,
                () -> Instant.EPOCH);
        camel.getRegistry().bind("calls", calls);
        camel.getRegistry().bind("actionSettlements", (Processor) exchange -> {
            if (faults.getAndDecrement() > 0) {
                throw fault;
            }
            Call call = exchange.getMessage().getMandatoryBody(Call.class);
            if (call.answer().orElseThrow() instanceof GraphAnswer.Http) {
                ledger.attempts().settle(call.lease(), new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "");
            } else {
                ledger.attempts().settleInDoubt(call.lease(), "No answer came.", 0, "");
            }
        });
        camel.getRegistry().bind("graph", (Processor) exchange -> answer.process(exchange));
        camel.getRegistry().bind("graphEdge", new AnswerAsItIs());
        camel.getRegistry().bind("withToken", (Processor) exchange -> exchange.getMessage()
                .setBody(exchange.getMessage()
                        .getMandatoryBody(Call.class)
                        .with(new BearerToken("a-token", Instant.MAX))));
        camel.getRegistry().bind("callEdge", new CallEdge(new CallCounts()));
        load(
                "handle-errors",
                Files.readString(Path.of("routes/handle-errors.camel.yaml"))
                        .replace("redeliveryDelay: \"1000\"", "redeliveryDelay: \"1\""));
        load("keep-unforeseen", Files.readString(Path.of("routes/keep-unforeseen.camel.yaml")));
        load(
                "call-graph",
                Files.readString(Path.of("routes/call-graph.camel.yaml"))
                        .replace("https:graph.microsoft.com", "bean:graph?method=process")
                        .replaceAll("(?m)^ +parameters:\\n( +\\w+: \"[^\"]*\"\\n)+", ""));
        load("send", """
                - route:
                    id: send
                    from:
                      uri: direct:send
                      steps:
                        - bean:
                            ref: calls
                            method: action
                        - bean:
                            ref: calls
                            method: awaitPermit
                        - process:
                            ref: withToken
                        - bean:
                            ref: calls
                            method: begin
                        - to:
                            uri: direct:call-graph
                        - process:
                            ref: actionSettlements
                """);
        camel.start();
        makeReady("leavers", Rows.rows(1, 1));
    }

    /** In place of what takes an answer from the wire. */
    public static final class AnswerAsItIs {
        public void readAnswer(Exchange exchange) {}
    }

    private void load(String name, String yaml) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString(name + ".camel.yaml", yaml));
    }

    @AfterEach
    void stop() {
        camel.stop();
        pace.stop();
    }

    private Result send(RuntimeException ledgerFault) {
        fault = ledgerFault;
        faults.set(3);
        camel.createFluentProducerTemplate()
                .to("direct:send")
                .withBody(leaseOne())
                .send();
        assertThat(faults.get()).as("it was tried until it was recorded").isNegative();
        return results("leavers").get(0);
    }

    private void graphSays(GraphAnswer said) {
        answer = exchange -> exchange.getMessage().setBody(said);
    }

    @Test
    void anAnswerIsKeptUntilTheLedgerTakesIt() {
        graphSays(NO_CONTENT);

        Result row = send(new StoreException("/var/lib/secret-place/ledger.db", null));

        assertThat(row.outcome()).contains(Outcome.DEPROVISIONED);
        assertThat(row.error()).isEmpty();
        assertThat(row.attempts()).isEqualTo(1);
    }

    @Test
    void soItIsWhenTheLedgerSaysItItself() {
        graphSays(NO_CONTENT);

        assertThat(send(fullDisk()).outcome()).contains(Outcome.DEPROVISIONED);
    }

    @Test
    void thatNoAnswerCameIsKeptToo() {
        answer = exchange -> {
            throw new SocketTimeoutException("Read timed out");
        };

        Result row = send(fullDisk());

        assertThat(standings("leavers")).containsExactly("in_doubt");
        assertThat(row.error()).doesNotContain("disk", "program");
    }

    @Test
    void howACallEndedThatTheLedgerCannotTakeAtAllIsPutInDoubtAndWorkGoesOn() {
        new JdbcTemplate(new FaultySource(data.resolve("ledger.db")))
                .execute("create trigger broken before update on request when new.state = 'DONE'"
                        + " begin select raise(abort, 'never'); end");
        graphSays(NO_CONTENT);
        camel.createFluentProducerTemplate()
                .to("direct:send")
                .withBody(leaseOne())
                .send();
        assertThat(standings("leavers")).containsExactly("in_doubt");
        makeReady("others", Rows.rows(2, 1));
        assertThat(ledger.attempts().begin(leaseOne(), "c")).isTrue();
    }
}
