package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.Jdbc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The state of a request is written in one place, and what is written there may follow. */
class TransitionsTest extends LedgerFixture {

    private static final Path SOURCES = Path.of("src/main/java");

    /** What a statement sets in requests; a part that is put together later ends it too. */
    private static final Pattern UPDATE = Pattern.compile("update request set\\b(.*?)(\\bwhere\\b|\"\"\"|\";|$)");

    private static final Pattern SETS_STATE = Pattern.compile("(^|,)\\s*state\\s*=");

    @Test
    void noOtherClassWritesTheStateOfARequest() {
        assertThat(classesThat(TransitionsTest::setsState)).containsExactly("Transitions");
    }

    @Test
    void theStateThatARequestBeginsInIsWrittenInOnePlace() {
        assertThat(classesThat(text -> text.contains("insert into request "))).hasSize(1);
    }

    @Test
    void theScanFindsAStateWhereverItStandsInAStatement() {
        assertThat(setsState("update request set state = 'DONE' where id = ?")).isTrue();
        assertThat(setsState("update request set due = 0, state = ? where id = ?"))
                .isTrue();
        assertThat(setsState("update request set due = 0, \" + \"state=? where id = ?"))
                .isTrue();
        assertThat(setsState("update request set \" + assignments")).isTrue();
        assertThat(setsState("update request set due = 0 where state = 'READY'"))
                .isFalse();
        assertThat(setsState("update request set due = case when state = 'READY' then 1 end where id = ?"))
                .isFalse();
    }

    @Test
    void whatMayNotFollowIsRefusedBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> Transitions.change(State.DONE, State.READY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DONE cannot become READY");
        assertThatThrownBy(() -> Transitions.change(Set.of(State.READY, State.SENDING), State.CANCELLED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SENDING cannot become CANCELLED");
    }

    @Test
    void aRequestThatStandsElsewhereIsLeftAsItIs() {
        makeReady("one", Rows.rows(1, 1));
        Jdbc jdbc = writer();
        assertThatThrownBy(() -> Transitions.change(State.IN_DOUBT, State.DONE).one(jdbc, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("request 1 is no longer [IN_DOUBT], so it does not become DONE");
        assertThat(Transitions.change(State.IN_DOUBT, State.DONE).ifStill(jdbc, 1))
                .isFalse();
        assertThat(Transitions.change(State.READY, State.SENDING)
                        .leasedBy("somebody else")
                        .ifStill(jdbc, 1))
                .isFalse();
        assertThat(jdbc.queryForList("select state from request", String.class)).containsExactly("READY");
    }

    @Test
    void aChangeEndsTheLeaseAndMarksTheBatchButACallGoesOnWithIt() {
        String batch = makeReady("one", Rows.rows(1, 1));
        Lease lease = leaseOne();
        Jdbc jdbc = writer();
        long before = changes(jdbc, batch);

        Transitions.change(State.READY, State.SENDING).leasedBy(lease.claim()).one(jdbc, 1);
        assertThat(claims(jdbc)).containsExactly(lease.claim());
        assertThat(changes(jdbc, batch)).isEqualTo(before);

        Transitions.change(State.SENDING, State.READY).one(jdbc, 1);
        assertThat(claims(jdbc)).containsExactly((String) null);
        assertThat(changes(jdbc, batch)).isEqualTo(before + 1);
    }

    @Test
    void manyAreChangedAtOnceAndCounted() {
        String batch = makeReady("many", Rows.rows(1, 3));
        Jdbc jdbc = writer();
        long before = changes(jdbc, batch);

        assertThat(Transitions.change(State.READY, State.HELD)
                        .onlyWhere("batch = ?", batch)
                        .set("error = ?", "because")
                        .all(jdbc))
                .isEqualTo(3);
        assertThat(Transitions.change(State.READY, State.HELD)
                        .onlyWhere("batch = ?", batch)
                        .all(jdbc))
                .isZero();
        assertThat(jdbc.queryForList("select distinct state || error from request", String.class))
                .containsExactly("HELDbecause");
        assertThat(changes(jdbc, batch)).isEqualTo(before + 1);
    }

    @Test
    @Tag("sqlite")
    void whereOthersChangeThanWereMeantItFails() {
        makeReady("many", Rows.rows(1, 3));
        Jdbc jdbc = writer();
        jdbc.execute("create trigger one_stays before update of state on request when old.id = 2"
                + " begin select raise(ignore); end");

        assertThatThrownBy(() -> Transitions.change(State.READY, State.HELD).all(jdbc))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of 3 requests that are [READY], 2 became HELD");
    }

    private Jdbc writer() {
        return new Jdbc(new DriverManagerDataSource(url()), Database.at(url()));
    }

    private static List<String> claims(Jdbc jdbc) {
        return jdbc.queryForList("select leased_by from request", String.class);
    }

    private static long changes(Jdbc jdbc, String batch) {
        return jdbc.queryForList("select changed from batch where name = ?", Long.class, batch)
                .get(0);
    }

    private static boolean setsState(String text) {
        Matcher update = UPDATE.matcher(text.replaceAll("\"\\s*\\+\\s*\"", ""));
        return update.results()
                .anyMatch(found -> found.group(1).isBlank()
                        || found.group(1).strip().startsWith("\"")
                        || SETS_STATE.matcher(found.group(1)).find());
    }

    private static Set<String> classesThat(Predicate<String> text) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> text.test(read(file)))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException unread) {
            throw new UncheckedIOException(unread);
        }
    }

    /** The text of a file in one line, in small letters. */
    private static String read(Path file) {
        try {
            return Files.readString(file).replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        } catch (IOException unread) {
            throw new UncheckedIOException(unread);
        }
    }
}
