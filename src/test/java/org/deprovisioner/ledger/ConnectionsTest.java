package org.deprovisioner.ledger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

class ConnectionsTest {

    @TempDir
    private Path folder;

    private Connections connections;

    @BeforeEach
    void open() {
        connections = new Connections(
                "jdbc:sqlite:" + folder.resolve("ledger.db"), new Properties(), "pragma user_version = 7", 1);
        new JdbcTemplate(connections).execute("create table number (value int primary key)");
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
    void moreStatementsThanAreKeptWorkAllTheSame() {
        JdbcTemplate jdbc = new JdbcTemplate(connections);
        for (int number = 0; number < 500; number++) {
            assertThat(jdbc.queryForObject("select " + number + " + coalesce(?, 0)", Integer.class, 1))
                    .isEqualTo(number + 1);
        }
    }
}
