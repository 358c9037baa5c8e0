package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deprovisioner.store.Activity;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.StoreRefusedException;

/** The services that share a ledger, each by its own word. A node lives for as long as the session by which it writes. */
public final class Nodes {

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Activity activity;
    private final Clock clock;
    private volatile Optional<String> stopped = Optional.empty();

    Nodes(Jdbc reader, GroupCommit writer, Activity activity, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.activity = activity;
        this.clock = clock;
    }

    /**
     * Who a node is.
     *
     * @param id what stands in its data folder
     * @param name what people call it
     * @param settings those in which all must agree, by their keys
     */
    public record Self(String id, String name, String version, Map<String, String> settings) {}

    /**
     * A node as others see it.
     *
     * @param lives whether its session is there
     * @param stopFile why it lets nobody send; empty when it does not
     * @param differing the settings in which it differs from those that all work by
     */
    public record Node(
            String id,
            String name,
            String version,
            Instant seen,
            boolean lives,
            boolean active,
            String stopFile,
            List<String> differing,
            Optional<Instant> adopted) {}

    /** The settings that all work by, and who set them. */
    public record Agreed(Map<String, String> settings, String saidBy) {

        /** The keys in which other settings differ from these. */
        public List<String> differing(Map<String, String> others) {
            TreeSet<String> keys = new TreeSet<>(settings.keySet());
            keys.addAll(others.keySet());
            return keys.stream()
                    .filter(key -> !settings.getOrDefault(key, "").equals(others.getOrDefault(key, "")))
                    .toList();
        }
    }

    /**
     * Joins those that share the ledger.
     *
     * @throws StoreRefusedException when another one lives under its name, or with its data folder's id
     */
    public void join(Self self) {
        long now = clock.millis();
        writer.write(jdbc -> {
            jdbc.update(
                    "update node set name = name || '-' || number where name = ? and id <> ? and adopted is not null",
                    self.name(),
                    self.id());
            jdbc.queryForList("select id from node where name = ? and id <> ?", String.class, self.name(), self.id())
                    .forEach(other -> {
                        throw new StoreRefusedException("Another machine on this ledger is called " + self.name()
                                + " already. Give this one a name of its own: deprovision.node. If that one is gone for"
                                + " good, 'deprovision node adopt " + self.name() + "' takes over what it left, and its"
                                + " name is free.");
                    });
            jdbc.update(
                    "insert into node (id, name, version, joined, seen, settings) values (?, ?, ?, ?, ?, ?) on conflict (id) do"
                            + " update set name = excluded.name, version = excluded.version, seen = excluded.seen,"
                            + " settings = excluded.settings, active = 0, adopted = null",
                    self.id(),
                    self.name(),
                    self.version(),
                    now,
                    now,
                    LedgerJson.map(new TreeMap<>(self.settings())));
            if (!activity.live(jdbc, number(jdbc, self.id()))) {
                throw new StoreRefusedException("A service with this node.id runs already, on another machine: "
                        + self.name()
                        + ". Two must not share a data folder, nor a copy of one. Delete node.id in the data"
                        + " folder that was copied.");
            }
            return true;
        });
    }

    private static long number(Jdbc jdbc, String id) {
        return jdbc.sql("select number from node where id = ?")
                .param(id)
                .query(Long.class)
                .single();
    }

    /**
     * A node's heartbeat: it is still there, and this is how it stands.
     *
     * @param stopFile why it lets nobody send; empty when it does not
     */
    public void beat(Self self, String stopFile) {
        stopped = writer.write(jdbc -> {
            activity.live(jdbc, number(jdbc, self.id()));
            jdbc.update(
                    "update node set seen = ?, active = ?, stop_file = ? where id = ?",
                    clock.millis(),
                    activity.isActive() ? 1 : 0,
                    stopFile,
                    self.id());
            return jdbc
                    .query(
                            "select name, stop_file from node where stop_file <> '' and adopted is null and id <> ?"
                                    + " order by name",
                            (row, number) -> "Machine " + row.getString(1) + ": " + row.getString(2),
                            self.id())
                    .stream()
                    .findFirst();
        });
    }

    /** A node becomes active: where another one was it until now, people are told. */
    public void takeOver(Jdbc jdbc, Self self) {
        jdbc.queryForList("select name from node where active = 1 and id <> ? order by name", String.class, self.id())
                .forEach(before -> Notifications.tell(
                        jdbc,
                        clock.millis(),
                        Notice.Kind.TAKEN_OVER,
                        self.name(),
                        1,
                        "It took over from '" + before + "'.",
                        "See why that one stopped; 'deprovision node' shows the machines."));
        jdbc.update("update node set active = 0 where active = 1 and id <> ?", self.id());
    }

    /** All that ever joined, by their names. */
    public List<Node> all() {
        List<Long> living = activity.living(reader);
        Optional<Agreed> agreed = agreed();
        return reader.query("select * from node order by name", (row, number) -> node(row, living, agreed));
    }

    private static Node node(ResultSet row, List<Long> living, Optional<Agreed> agreed) throws SQLException {
        boolean lives = living.contains(row.getLong("number"));
        String settings = row.getString("settings");
        return new Node(
                row.getString("id"),
                row.getString("name"),
                row.getString("version"),
                Instant.ofEpochMilli(row.getLong("seen")),
                lives,
                lives && row.getInt("active") == 1,
                row.getString("stop_file"),
                agreed.map(all -> all.differing(LedgerJson.map(settings))).orElse(List.of()),
                RequestRows.instant(row, "adopted"));
    }

    /** Why another node lets nobody send, as it was at the latest heartbeat; empty when none does. */
    public Optional<String> stoppedByAnother() {
        return stopped;
    }

    /** The settings that all work by; empty before the first node was active. */
    public Optional<Agreed> agreed() {
        return reader
                .query(
                        "select settings, said_by from agreed where id = 1",
                        (row, number) -> new Agreed(LedgerJson.map(row.getString(1)), row.getString(2)))
                .stream()
                .findFirst();
    }

    /** From now on all work by these settings: those of the first node, or what a person took for right. */
    public void agree(Map<String, String> settings, String by, String remark) {
        writer.write(jdbc -> {
            jdbc.update(
                    "insert into agreed (id, settings, said_by) values (1, ?, ?) on conflict (id) do update set"
                            + " settings = excluded.settings, said_by = excluded.said_by",
                    LedgerJson.map(new TreeMap<>(settings)),
                    by);
            AuditEntries.tell(jdbc, clock.millis(), AuditEntries.What.SETTINGS_ACCEPTED, by, "", "", remark);
            return true;
        });
    }

    /**
     * What was taken over of a node.
     *
     * @param batches whose results appear at the node that took them over
     * @param cutOff files that were read in part only: their rows are held
     */
    public record Adopted(int batches, List<String> cutOff) {}

    /**
     * Takes over what a node left that is gone: its protected list and its STOP file hold no longer, results of its batches
     * appear at this node, and what it had read of a file is held.
     *
     * @return empty when no node bears this name
     * @throws StoreRefusedException when it lives
     */
    public Optional<Adopted> adopt(String name, String into, String by) {
        long now = clock.millis();
        return writer.write(jdbc -> {
            Optional<Node> found = jdbc
                    .query(
                            "select * from node where name = ?",
                            (row, number) -> node(row, activity.living(jdbc), Optional.empty()),
                            name)
                    .stream()
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            } else if (found.get().lives()) {
                throw new StoreRefusedException("Machine " + name + " lives: it was heard of at "
                        + found.get().seen()
                        + ". Nothing was changed. What a machine that runs has taken in leaves there.");
            }
            String id = found.get().id();
            jdbc.update("update node set adopted = ?, active = 0 where id = ?", now, id);
            List<String> cutOff = cutOff(jdbc, now, id, name, by);
            jdbc.update("update intake set node = ? where node = ?", into, id);
            int batches = jdbc.update("update batch set node = ? where node = ?", into, id);
            AuditEntries.tell(
                    jdbc, now, AuditEntries.What.ADOPTED, by, "", "", "machine " + name + ", its batches: " + batches);
            return Optional.of(new Adopted(batches, cutOff));
        });
    }

    private static List<String> cutOff(Jdbc jdbc, long now, String id, String name, String by) {
        jdbc.update(
                "update intake set state = 'REJECTED', cut_off = ? where node = ? and state = 'OPEN' and batch is null",
                "Machine " + name + " was lost before it read the file.",
                id);
        record Open(long id, String batch, String file, long line) {}
        List<Open> open = jdbc.query(
                "select id, batch, name, last_line from intake where node = ? and state = 'OPEN' order by id",
                (row, number) -> new Open(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)),
                id);
        for (Open one : open) {
            String why = "Machine " + name + " was lost while it read " + one.file() + ": rows up to line " + one.line()
                    + " are recorded, and whether there are more behind it is not known here.";
            jdbc.update("update intake set state = 'TAKEN', cut_off = ? where id = ?", why, one.id());
            jdbc.update("update batch set changed = changed + 1 where name = ?", one.batch());
            AuditEntries.tell(jdbc, now, AuditEntries.What.TAKEN_IN, by, one.batch(), "", why);
        }
        return open.stream().map(Open::batch).toList();
    }
}
