package org.deprovisioner.ledger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

class ConnectionsTest {

    @TempDir
    private Path folder;

    private Connections connections;

    @BeforeEach
    void open() {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        sqlite.setBusyTimeout(1);
        connections = new Connections(file(), sqlite.toProperties(), "pragma user_version = 7", 1);
        new JdbcTemplate(connections).execute("create table number (value int primary key)");
    }

    private String file() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }

    @AfterEach
    void close() throws SQLException {
        connections.close();
    }

    @Test
    void eachBeginsWithItsStatement() {
        assertThat(new JdbcTemplate(connections).queryForObject("pragma user_version", Integer.class))
                .isEqualTo(7);
    }

    @Test
    void aStatementIsUsedAgainByWhoeverComesNext() throws SQLException {
        assertThat(statement()).isSameAs(statement());
    }

    private PreparedStatement statement() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement("select 1")) {
            return statement;
        }
    }

    @Test
    void aQueryWithinTheSameQueryIsAnotherOne() throws SQLException {
        String numbers = "select column1 from (values (1), (2))";
        try (Connection connection = connections.getConnection();
                PreparedStatement outer = connection.prepareStatement(numbers);
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
    }

    @Test
    void whatABatchLeftThatFailedIsNotInTheNext() throws SQLException {
        assertThatThrownBy(() -> insert(1, 1)).isInstanceOf(SQLException.class);
        insert(2);
        assertThat(new JdbcTemplate(connections).queryForList("select value from number order by 1", Integer.class))
                .containsExactly(1, 2);
    }

    private void insert(int... values) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into number (value) values (?)")) {
            for (int value : values) {
                insert.setInt(1, value);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Test
    void whoWantsOneMoreThanThereMayBeWaits() throws Exception {
        CompletableFuture<Connection> second;
        try (Connection first = connections.getConnection()) {
            second = CompletableFuture.supplyAsync(this::another);
            assertThat(first.isClosed()).isFalse();
            assertThat(second).isNotDone();
        }
        await().atMost(10, SECONDS).until(second::isDone);
        second.join().close();
    }

    private Connection another() {
        try {
            return connections.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneWhoseTransactionCouldNotBeginIsNotUsedAgain() throws SQLException {
        try (Connection other = DriverManager.getConnection(file());
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            Connection waiting = connections.getConnection();
            assertThatThrownBy(() -> waiting.setAutoCommit(false)).hasMessageContaining("BUSY");
            waiting.close();
            statement.execute("rollback");
        }
        try (Connection next = connections.getConnection()) {
            assertThat(next.getAutoCommit()).isTrue();
            next.setAutoCommit(false);
            try (Statement statement = next.createStatement()) {
                statement.execute("insert into number (value) values (1)");
            }
            next.rollback();
            next.setAutoCommit(true);
        }
        assertThat(new JdbcTemplate(connections).queryForList("select value from number", Integer.class))
                .isEmpty();
    }

    @Test
    void aStatementThatTheDriverClosedIsParsedAnew() throws SQLException {
        try (Connection connection = connections.getConnection()) {
            PreparedStatement before = connection.prepareStatement("select 1");
            ((JDBC4PreparedStatement) before).pointer.close();
            before.close();
            try (PreparedStatement after = connection.prepareStatement("select 1");
                    ResultSet row = after.executeQuery()) {
                assertThat(row.next()).isTrue();
            }
        }
    }

    @Test
    void oneThatIsClosedTwiceIsGivenBackOnce() throws SQLException {
        Connection first = connections.getConnection();
        first.close();
        first.close();
        Connection again = connections.getConnection();
        CompletableFuture<Connection> second = CompletableFuture.supplyAsync(this::another);
        assertThat(again).isSameAs(first);
        assertThat(second).isNotDone();
        again.close();
        second.join().close();
    }

    @Test
    void afterTheEndNoneIsOpenedAndWhatWasInUseEndsWhenItIsGivenBack() throws SQLException {
        Connection used = connections.getConnection();
        connections.close();
        used.close();
        assertThat(used.isClosed()).isTrue();
        assertThatThrownBy(connections::getConnection).hasMessage("The ledger is closed.");
    }

    @Test
    void moreStatementsThanAreKeptWorkAllTheSame() {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        for (int number = 0; number < 500; number++) {
            assertThat(jdbc.queryForObject("select " + number + " + coalesce(?, 0)", Integer.class, 1))
                    .isEqualTo(number + 1);
        }
    }
}
