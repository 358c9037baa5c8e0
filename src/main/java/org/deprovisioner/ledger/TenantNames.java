package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.text.Counted;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tenant each name in the ledger means. A tenant is its id: when it is called otherwise, all that is known of it gets
 * the new name, and a name that means another tenant now takes nothing over from the one of before.
 */
public final class TenantNames {

    private static final Logger LOG = LoggerFactory.getLogger(TenantNames.class);
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** The cause of a pause of a tenant of which a person has to say whether it is the one of before. */
    private static final String UNCLEAR = "tenant-id";

    private final GroupCommit writer;
    private final Clock clock;

    TenantNames(GroupCommit writer, Clock clock) {
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * A name that the ledger knows.
     *
     * @param id the tenant's; empty where it is not known
     * @param asked an id that was set since; a person has to say whether it is the same tenant's
     */
    private record KnownTenant(String name, Optional<String> id, Optional<String> asked) {

        boolean surelyIs(String other) {
            return id.filter(other::equals).isPresent();
        }

        /** Two GUIDs that differ are two tenants; of a domain nobody here knows which tenant's it is. */
        boolean mayBe(String other) {
            return id.isEmpty()
                    || other.isEmpty()
                    || surelyIs(other)
                    || !GUID.matcher(id.get()).matches()
                    || !GUID.matcher(other).matches();
        }
    }

    /**
     * Gives what the ledger knows the names by which the tenants are called now, in one transaction. To be done at a start,
     * before anything is leased.
     *
     * @param configured the tenants' ids by name; an id that is not known is empty
     * @param pausing whether to pause tenants of which it is unclear whether they are those of before, and those that have
     *     open requests and are not configured any more
     */
    public void identify(Map<String, String> configured, boolean pausing) {
        Map<String, String> ids = new TreeMap<>();
        configured.forEach((name, id) -> ids.put(name, id.strip().toLowerCase(Locale.ROOT)));
        writer.write(jdbc -> {
            new Identification(jdbc, clock.millis(), ids, pausing).carryOut();
            return true;
        });
    }

    /** One start's work. */
    private static final class Identification {

        private final Jdbc jdbc;
        private final long now;
        private final Map<String, String> configured;
        private final boolean pausing;

        Identification(Jdbc jdbc, long now, Map<String, String> configured, boolean pausing) {
            this.jdbc = jdbc;
            this.now = now;
            this.configured = configured;
            this.pausing = pausing;
        }

        void carryOut() {
            takeWhatWasConfirmed();
            if (!known().stream().allMatch(this::isAsBefore) || !names().containsAll(configured.keySet())) {
                move();
                record();
            }
            if (pausing) {
                pauseUnconfigured();
            }
        }

        private List<KnownTenant> known() {
            return jdbc.query(
                    "select * from tenant order by name",
                    (row, number) -> new KnownTenant(
                            row.getString("name"),
                            Optional.ofNullable(row.getString("tenant_id")),
                            Optional.ofNullable(row.getString("asked_id"))));
        }

        private Set<String> names() {
            Set<String> names = new HashSet<>();
            known().forEach(known -> names.add(known.name));
            return names;
        }

        private boolean isAsBefore(KnownTenant known) {
            @Nullable String id = configured.get(known.name);
            return id == null ? nameOf(known).isEmpty() : known.surelyIs(id) && known.asked.isEmpty();
        }

        /** The name by which a tenant is configured now. */
        private Optional<String> nameOf(KnownTenant known) {
            return configured.entrySet().stream()
                    .filter(one -> known.surelyIs(one.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }

        /** A person has ended the pause that asked whether it is the same tenant. */
        private void takeWhatWasConfirmed() {
            jdbc.update("""
                    update tenant set tenant_id = asked_id, asked_id = null
                    where asked_id is not null
                      and not exists (select 1 from pause where scope = tenant.name and cause = ?)
                      and not exists (select 1 from tenant other where other.tenant_id = tenant.asked_id)
                    """, UNCLEAR);
        }

        private void move() {
            Map<String, String> moves = new LinkedHashMap<>();
            for (KnownTenant known : known()) {
                Optional<String> name = nameOf(known);
                @Nullable String other = configured.get(known.name);
                if (name.isPresent()) {
                    moves.put(known.name, name.get());
                } else if (other != null && known.id.isPresent() && (!known.mayBe(other) || isAnothers(other))) {
                    moves.put(known.name, known.name + "@" + known.id.get());
                }
            }
            moves.entrySet().removeIf(move -> move.getKey().equals(move.getValue()));
            TenantRows rows = new TenantRows(jdbc);
            rows.rename(moves);
            moves.forEach((from, to) -> {
                LOG.info("The tenant '{}' is called '{}' now, with all that the ledger knows of it.", from, to);
                AuditEntries.tell(
                        jdbc,
                        now,
                        AuditEntries.What.RENAMED,
                        AuditEntries.PROGRAM,
                        "",
                        to,
                        "The tenant '" + from + "' is called '" + to + "' now.");
            });
        }

        private boolean isAnothers(String id) {
            return known().stream().anyMatch(known -> known.surelyIs(id));
        }

        private void record() {
            Map<String, KnownTenant> known = new TreeMap<>();
            known().forEach(one -> known.put(one.name, one));
            Set<String> used = TenantRows.names(jdbc);
            configured.forEach((name, id) -> {
                @Nullable KnownTenant before = known.get(name);
                if (before != null && before.id.isPresent() && !before.surelyIs(id)) {
                    askWhether(
                            name,
                            id,
                            "The tenant '%s' was set with the id %s, and is now with %s."
                                    .formatted(name, before.id.get(), id.isEmpty() ? "none" : id),
                            "Give another tenant a name of its own, and this one its earlier id.");
                } else if (before == null ? !used.contains(name) : before.id.isEmpty() && before.asked.isPresent()) {
                    recordNew(name, id, known.values(), used);
                } else {
                    keep(name, id);
                }
            });
        }

        /** A name that says nothing of before: perhaps a tenant that was called otherwise, and of which no id is known. */
        private void recordNew(String name, String id, Collection<KnownTenant> known, Set<String> used) {
            Set<String> candidates = new TreeSet<>(used);
            candidates.removeAll(configured.keySet());
            known.stream().filter(one -> !one.mayBe(id)).forEach(one -> candidates.remove(one.name));
            if (candidates.isEmpty()) {
                keep(name, id);
            } else {
                askWhether(
                        name,
                        id,
                        "The tenant '%s' is new, and the ledger holds requests of '%s', which is not configured any more and"
                                        .formatted(name, String.join("', '", candidates))
                                + " may be the same one under another name.",
                        "If it is, start once with the name and id of before, so that they are known together. Only then"
                                + " change them.");
            }
        }

        private void keep(String name, String id) {
            jdbc.update(
                    "insert into tenant (name, tenant_id) values (?, nullif(?, ''))"
                            + " on conflict (name) do update set tenant_id = excluded.tenant_id, asked_id = null",
                    name,
                    id);
            jdbc.update("delete from pause where scope = ? and cause = ?", name, UNCLEAR);
        }

        private void askWhether(String name, String id, String message, String remedy) {
            jdbc.update(
                    "insert into tenant (name, asked_id) values (?, nullif(?, ''))"
                            + " on conflict (name) do update set asked_id = excluded.asked_id",
                    name,
                    id);
            if (pausing) {
                if (jdbc.queryForList("select 1 from pause where scope = ? and cause = ?", name, UNCLEAR)
                        .isEmpty()) {
                    AuditEntries.tell(jdbc, now, AuditEntries.What.PAUSED, AuditEntries.PROGRAM, "", name, message);
                }
                pause(
                        name,
                        UNCLEAR,
                        message + " Whether both are one tenant is not known, so nothing is sent.",
                        remedy + " If '" + name + "' is right as it is: deprovision resume --tenant " + name + ".");
            }
        }

        private void pauseUnconfigured() {
            jdbc.update("delete from pause where cause = ?", Pause.NOT_CONFIGURED);
            Map<String, KnownTenant> known = new TreeMap<>();
            known().forEach(one -> known.put(one.name, one));
            TenantRows.open(jdbc).forEach((name, rows) -> {
                if (!configured.containsKey(name)) {
                    String id = Optional.ofNullable(known.get(name))
                            .flatMap(KnownTenant::id)
                            .map(is -> "the id " + is + ", under whatever name")
                            .orElse("its name '" + name + "'");
                    pause(
                            name,
                            Pause.NOT_CONFIGURED,
                            "%s of the tenant '%s', which is not configured any more: nothing is looked at or sent."
                                    .formatted(Counted.of(rows, "open request is", "open requests are"), name),
                            "Configure it with " + id
                                    + ", and start again; or end its batches with 'deprovision cancel'.");
                }
            });
        }

        private void pause(String name, String cause, String message, String remedy) {
            LOG.warn("{} {}", message, remedy);
            boolean standsForAPerson = cause.equals(Pause.NOT_CONFIGURED)
                    && !jdbc.queryForList("select 1 from pause where scope = ? and kind = 'RESUME'", name)
                            .isEmpty();
            if (!standsForAPerson) { // such a pause is not to be forgotten when the tenant comes back
                Pauses.set(jdbc, now, name, Pause.EndsBy.RESUME, cause, message, remedy, AuditEntries.PROGRAM);
            }
        }
    }
}
