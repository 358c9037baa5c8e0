package org.deprovisioner.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;

class ConnectionsTest {

    @TempDir
    private Path folder;

    private Connections connections;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        database = Database.at("jdbc:sqlite:" + folder.resolve("ledger.db"));
        database.make();
        connections = new Connections(database, Database.Use.WRITE, 1);
        new JdbcTemplate(connections).execute("create table number (value int primary key)");
    }

    @AfterEach
    void close() throws SQLException {
        connections.close();
    }

    private void giveBack(Connection used) {
        DataSourceUtils.releaseConnection(used, connections);
    }

    @Test
    void oneThatIsGivenBackIsUsedAgainAsItIsByWhoeverComesNext() {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        jdbc.execute("create temporary table kept (value int)");
        assertThat(jdbc.queryForObject("select count(*) from kept", Integer.class))
                .isZero();
    }

    @Test
    void oneWhoseStatementFailedIsUsedAgain() {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        jdbc.update("insert into number (value) values (1)");
        assertThatThrownBy(() -> jdbc.update("insert into number (value) values (1)"))
                .isInstanceOf(DataAccessException.class);
        jdbc.update("insert into number (value) values (2)");
        assertThat(jdbc.queryForList("select value from number order by 1", Integer.class))
                .containsExactly(1, 2);
    }

    @Test
    void whoWantsOneMoreThanThereMayBeWaits() throws Exception {
        Connection first = connections.getConnection();
        CompletableFuture<Connection> second = CompletableFuture.supplyAsync(connections::getConnection);
        assertThat(first.isClosed()).isFalse();
        assertThat(second).isNotDone();
        giveBack(first);
        await().atMost(10, SECONDS).until(second::isDone);
        assertThat(second.join()).isSameAs(first);
        giveBack(first);
    }

    @Test
    void oneThatIsStillInATransactionIsNotUsedAgain() throws SQLException {
        Connection before = connections.getConnection();
        before.setAutoCommit(false);
        giveBack(before);
        assertThat(before.isClosed()).isTrue();
        Connection next = connections.getConnection();
        assertThat(next.getAutoCommit()).isTrue();
        giveBack(next);
    }

    @Test
    void afterTheEndNoneIsOpenedAndWhatWasInUseEndsWhenItIsGivenBack() throws SQLException {
        Connection used = connections.getConnection();
        connections.close();
        giveBack(used);
        assertThat(used.isClosed()).isTrue();
        assertThatThrownBy(connections::getConnection).hasMessage("The ledger is closed.");
    }

    @Test
    void aStatementIsUsedAgainByWhoeverComesNext() throws SQLException {
        assertThat(statement("select 1")).isSameAs(statement("select 1"));
    }

    private PreparedStatement statement(String sql) throws SQLException {
        Connection connection = connections.getConnection();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement;
        } finally {
            giveBack(connection);
        }
    }

    @Test
    void aStatementThatFailedIsParsedAnew() {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        String insert = "insert into number (value) values (?)";
        jdbc.update(insert, 1);
        assertThatThrownBy(() -> jdbc.batchUpdate(insert, List.of(new Object[] {2}, new Object[] {1})))
                .isInstanceOf(DataAccessException.class);
        jdbc.batchUpdate(insert, List.<Object[]>of(new Object[] {3}));
        assertThat(jdbc.queryForList("select value from number order by 1", Integer.class))
                .contains(1, 3)
                .doesNotHaveDuplicates();
    }

    @Test
    void aQueryWithinTheSameQueryIsAnotherOne() throws SQLException {
        String numbers = "select column1 from (values (1), (2))";
        Connection connection = connections.getConnection();
        try (PreparedStatement outer = connection.prepareStatement(numbers);
                ResultSet outerRow = outer.executeQuery()) {
            assertThat(outerRow.next()).isTrue();
            try (PreparedStatement inner = connection.prepareStatement(numbers);
                    ResultSet innerRow = inner.executeQuery()) {
                assertThat(innerRow.next()).isTrue();
                assertThat(innerRow.getInt(1)).isEqualTo(1);
            }
            assertThat(outerRow.next()).isTrue();
            assertThat(outerRow.getInt(1)).isEqualTo(2);
        }
        giveBack(connection);
    }

    @Test
    void moreStatementsThanAreKeptWorkAllTheSame() {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        for (int number = 0; number < 500; number++) {
            assertThat(jdbc.queryForObject("select " + number + " + coalesce(?, 0)", Integer.class, 1))
                    .isEqualTo(number + 1);
        }
    }

    @Test
    void oneThatCannotBeOpenedIsToldWithItsRemedyAndTakesNoPlace() throws Exception {
        connections.close();
        Connections anew = new Connections(database, Database.Use.WRITE, 1);
        Path away = folder.resolve("away.db");
        Files.move(folder.resolve("ledger.db"), away);
        for (int tries = 0; tries < 2; tries++) {
            assertThatThrownBy(anew::getConnection)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Run this as the user that the service runs as");
        }
        assertThat(folder.resolve("ledger.db"))
                .as("no connection makes a file where the ledger was taken away")
                .doesNotExist();
        Files.move(away, folder.resolve("ledger.db"));
        assertThat(new JdbcTemplate(anew).queryForObject("select count(*) from number", Integer.class))
                .isZero();
        anew.close();
    }
}
