package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.Outbox.Letter;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.store.Jdbc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A ledger keeps what was settled for years: what goes on all day must not read it from one end to the other. */
@Tag("sqlite")
class LongHistoryTest extends LedgerFixture {

    private static final Pattern STATEMENT =
            Pattern.compile("Executing (?:prepared )?SQL \\w+ \\[(.*)]", Pattern.DOTALL);

    /** What grows for years. */
    private static final Set<String> LONG =
            Set.of("request", "attempt", "read_back", "removed_request", "intake", "unit");

    /** By which other name a statement has one of them. */
    private static final Pattern ALIAS = Pattern.compile("\\b(" + String.join("|", LONG) + ") (?:as )?(\\w+)");

    /** A step that reads a table or an index from end to end, or all that an index has of a tenant. */
    private static final Pattern WHOLE = Pattern.compile(
            "(?:SCAN (\\w+)|SEARCH (\\w+)(?=.*\\(tenant=\\?\\)))(?: USING (?:COVERING )?INDEX (\\w+))?.*");

    private final Logger statements = (Logger) LoggerFactory.getLogger(Jdbc.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        statements.setLevel(Level.DEBUG);
        statements.setAdditive(false);
        statements.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        statements.detachAppender(log);
        statements.setAdditive(true);
        statements.setLevel(null);
    }

    @Test
    void nothingThatGoesOnAllDayReadsAllThatWasEverSettled() throws SQLException {
        ledger.recovery().recover();
        takeInMessage("m-1", "desk", Optional.of("answers"), Rows.COLUMNS, List.of(Rows.row(1, 70)));
        makeReady("leavers", Rows.rows(1, 6));
        makeReady("again", Rows.rows(1, 1));
        send(Outcome.DEPROVISIONED);
        send(Outcome.REJECTED_BY_GRAPH);
        ledger.attempts().settleInDoubt(beginOne(), "No answer came.", 0, "");
        ledger.attempts().settleForRetry(beginOne(), Duration.ofSeconds(1), true, false, "Graph is busy.", 503, "");
        ledger.claims().giveBack(leaseOne());
        readBackInVain();
        takeIn("many", Rows.rows(100, 3));
        resolveAll();
        ledger.units()
                .toGuard(9)
                .forEach(unit -> ledger.units().guard(unit, counts -> new Verdict.Hold("Too many.", "Approve it.")));
        assertThat(approve("many", 3)).isTrue();
        ledger.batches().cancel("many", "ada");
        ledger.batches().all();
        ledger.batches().notYet();
        ledger.batches().changedAtRest(9, Optional.empty(), Optional.empty()).forEach(batch -> {
            results(batch.name());
            ledger.batches().written(batch);
        });
        ledger.units().held();
        ledger.units().graces();
        ledger.awaitingApproval().parked();
        ledger.awaitingApproval().leaseToPoll(TENANT, 9);
        ledger.inDoubt().open();
        ledger.pauses().all();
        for (Letter kind : Letter.values()) {
            List<Outbox.Entry> due = ledger.outbox().due(kind, 9);
            ledger.outbox().sent(due);
        }
        ledger.audit().due();
        ledger.audit().written(ledger.audit().waiting(99));
        assertThat(standings("leavers")).contains("rejected-by-graph", "unknown", "ready");

        Set<String> said = said();
        assertThat(said).hasSizeGreaterThan(50);
        try (Connection connection = connect();
                Statement explain = connection.createStatement()) {
            Set<String> ofOpenOnes = new TreeSet<>(
                    texts(
                            explain,
                            "select name from sqlite_master where type = 'index' and"
                                    + " (sql like '% where state%' or sql like '% where approval_since%' or sql like '% where dry_run%')"));
            for (String statement : said) {
                assertThat(texts(explain, "explain query plan " + statement))
                        .as(statement)
                        .noneMatch(step -> readsAll(step, statement, ofOpenOnes));
            }
        }
    }

    @Test
    void theRowsOfABatchAreCountedWithoutReadingOrSortingThem() throws SQLException {
        takeIn("many", Rows.rows(1, 3));
        log.list.clear();
        assertThat(ledger.batches().progress("MANY").orElseThrow().rows()).isEqualTo(3);

        String counting = said().stream()
                .filter(statement -> statement.contains("count(*)"))
                .findFirst()
                .orElseThrow();
        try (Connection connection = connect();
                Statement explain = connection.createStatement()) {
            assertThat(texts(explain, "explain query plan " + counting))
                    .containsOnlyOnce("USE TEMP B-TREE FOR GROUP BY") // of the sums of the units
                    .filteredOn(step -> step.matches("(SEARCH|SCAN) (unit|request)\\b.*"))
                    .hasSize(2)
                    .allMatch(step -> step.contains("USING COVERING INDEX"));
        }
    }

    /** The statements that were carried out so far. */
    private Set<String> said() {
        statements.detachAppender(log);
        Set<String> said = new TreeSet<>();
        log.list.forEach(event -> {
            Matcher statement = STATEMENT.matcher(event.getFormattedMessage());
            if (statement.matches()) {
                said.add(statement.group(1).replaceAll("\\s+", " "));
            }
        });
        return said;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
    }

    private static List<String> texts(Statement explain, String statement) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet row = explain.executeQuery(statement)) {
            while (row.next()) {
                texts.add(row.getString(row.getMetaData().getColumnCount()));
            }
        }
        return texts;
    }

    private static boolean readsAll(String step, String statement, Set<String> ofOpenOnes) {
        Matcher whole = WHOLE.matcher(step);
        if (!whole.matches() || (whole.group(3) != null && ofOpenOnes.contains(whole.group(3)))) {
            return false;
        }
        String name = whole.group(1) == null ? whole.group(2) : whole.group(1);
        return LONG.contains(name)
                || ALIAS.matcher(statement)
                        .results()
                        .anyMatch(alias -> alias.group(2).equals(name));
    }
}
