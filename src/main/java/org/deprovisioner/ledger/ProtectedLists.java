package org.deprovisioner.ledger;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the lists of protected devices: so a start, too, sees that one has become shorter. */
public final class ProtectedLists {

    private static final Logger LOG = LoggerFactory.getLogger(ProtectedLists.class);

    private final Jdbc reader;
    private final GroupCommit writer;
    private volatile String node = "";

    ProtectedLists(Jdbc reader, GroupCommit writer) {
        this.reader = reader;
        this.writer = writer;
    }

    void beNode(String id) {
        node = id;
    }

    /** Two machines may have two lists at the same place. */
    private String key(Path file) {
        return node.isEmpty() ? file.toString() : node + ":" + file;
    }

    /** A list that another node has: it holds for all, until that node is adopted. */
    public record OfAnother(String node, List<String> rules) {}

    /** What holds of the lists of other nodes. */
    public List<OfAnother> ofOthers() {
        return node.isEmpty()
                ? List.of()
                : reader.query(
                        "select n.name, p.rules from node n join protected_list p on p.path like n.id || ':%'"
                                + " where n.id <> ? and n.adopted is null order by n.name",
                        (row, number) -> new OfAnother(row.getString(1), LedgerJson.list(row.getString(2))), node);
    }

    /**
     * What holds of a list.
     *
     * @param rules column and value of each rule, one after the other
     * @param waiting why rules hold that do not stand in the file; empty where none do
     */
    public record KeptList(List<String> rules, String waiting) {}

    /** What held last of the list in a file; empty when it was never read. */
    public Optional<KeptList> of(Path file) {
        return reader
                .query(
                        "select rules, waiting from protected_list where path = ?",
                        (row, number) ->
                                new KeptList(LedgerJson.list(row.getString("rules")), row.getString("waiting")),
                        key(file))
                .stream()
                .findFirst();
    }

    /** Keeps what holds of the list in a file. Nobody waits for it: until it is kept, what held before is. */
    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong is said
    public void keep(Path file, KeptList known) {
        writer.submit(jdbc -> jdbc.update("""
                insert into protected_list (path, rules, waiting) values (?, ?, ?)
                on conflict (path) do update set rules = excluded.rules, waiting = excluded.waiting
                """, key(file), LedgerJson.list(known.rules), known.waiting))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "The rules of {} could not be kept in the ledger, so a restart may not know those of"
                                        + " before: {}",
                                file,
                                failure.getMessage());
                    }
                });
    }
}
