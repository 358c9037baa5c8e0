package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.text.Counted;

/** How a person releases what is held, by the number of its devices. */
public final class Approvals {

    private final GroupCommit writer;
    private final Clock clock;

    Approvals(GroupCommit writer, Clock clock) {
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * What a person says of a held batch.
     *
     * @param batch its name, found without regard to case
     * @param devices the number of devices that the approver gave back
     * @param facts the count of changes that the batch had when it was shown to the approver; empty where that is not asked
     * @param by who approves
     * @param remark on whose behalf and why, as the approver says; may be empty
     */
    public record BatchApproval(String batch, long devices, OptionalLong facts, String by, String remark) {

        /** An approval of whatever is held when it comes. */
        public BatchApproval(String batch, long devices, String by, String remark) {
            this(batch, devices, OptionalLong.empty(), by, remark);
        }
    }

    /**
     * Who handed over what is held.
     *
     * @param name the owner of the file, or the broker's user who sent the message
     */
    public record Submitter(String name, boolean byMessage) {}

    /** What came of an approval. */
    public sealed interface Verdict {

        /** The same for people. */
        String words();

        /** What was held at that moment may be sent. */
        record Released(String batch, long devices) implements Verdict {
            @Override
            public String words() {
                return "Released: %s of '%s'.".formatted(Counted.of(devices, "device"), batch);
            }
        }

        /** There was nothing to release. */
        record NotHeld(String batch) implements Verdict {
            @Override
            public String words() {
                return "Nothing of '" + batch + "' is held.";
            }
        }

        /** The name of a file could mean several batches. */
        record Ambiguous(String file, List<String> batches) implements Verdict {
            @Override
            public String words() {
                return "The name could mean more than one batch (" + String.join(", ", batches)
                        + "), so none is released. Release the one that is meant by its whole name: deprovision approve BATCH";
            }
        }

        /** A file is nearly named like a batch. */
        record NotNamed(String file, String near) implements Verdict {
            @Override
            public String words() {
                return "Nothing of '" + file + "' is held. A file that releases '" + near + "' is named "
                        + fileFor(near) + ", and no other way.";
            }
        }

        /**
         * No batch has this name.
         *
         * @param held the batches that are held
         */
        record NoBatch(String name, List<String> held) implements Verdict {

            private static final int SHOWN = 5;

            @Override
            public String words() {
                return "There is no batch '" + name + "', so nothing is released. "
                        + (held.isEmpty() ? "Nothing is held now." : "Held now: " + shown() + ".");
            }

            private String shown() {
                String first = held.stream().limit(SHOWN).collect(Collectors.joining(", "));
                return held.size() > SHOWN ? first + " and " + (held.size() - SHOWN) + " more" : first;
            }
        }

        /** What a file holds cannot be taken for the number of devices. */
        record NotANumber(String why) implements Verdict {
            @Override
            public String words() {
                return why;
            }
        }

        /** Another number of devices is held. */
        record WrongNumber(String batch, long devices) implements Verdict {
            @Override
            public String words() {
                return "%,d is not the number of devices that are held, so '%s' stays held. Look again: deprovision status %s"
                        .formatted(devices, batch, batch);
            }
        }

        /** Something of it has changed since it was shown to the approver. */
        record Changed(String batch) implements Verdict {
            @Override
            public String words() {
                return "'" + batch + "' has changed since it was shown, so it stays held. Look at it again.";
            }
        }

        /** This approver may not release it. */
        record NotByThisOne(String batch, String why) implements Verdict {
            @Override
            public String words() {
                return "'" + batch + "' stays held. " + why;
            }
        }
    }

    /** What a file is to be called that releases a batch; it may also do without the {@code .txt}. */
    public static String fileFor(String batch) {
        return batch + ".txt";
    }

    /**
     * Releases the requests of a batch that are held at this moment, and no others.
     *
     * @param objection why this approver may not release what these handed over; empty when nothing speaks against it
     * @param grace for so long nothing of it is sent all the same
     */
    public Verdict approve(
            BatchApproval approval, Function<Set<Submitter>, Optional<String>> objection, Duration grace) {
        return writer.write(jdbc -> approve(jdbc, name(jdbc, approval.batch()), approval, objection, grace));
    }

    /**
     * The same for the batch that a file is named after, with or without {@code .txt}, and without regard to case and normal
     * form. Where the name could be taken for that of more than one batch, held or not, none is released.
     *
     * @param approval its batch is the name of the file
     */
    public Verdict approveByFile(
            BatchApproval approval, Function<Set<Submitter>, Optional<String>> objection, Duration grace) {
        String file = approval.batch();
        return writer.write(jdbc -> {
            List<String> meant = BatchNames.alike(jdbc, file);
            if (meant.size() > 1) {
                return refused(jdbc, clock.millis(), approval.by(), "", new Verdict.Ambiguous(file, meant));
            }
            if (meant.isEmpty()) {
                return refused(jdbc, clock.millis(), approval.by(), "", new Verdict.NoBatch(file, held(jdbc)));
            }
            String batch = meant.get(0);
            return isNamedAfter(batch, file)
                    ? approve(jdbc, batch, approval, objection, grace)
                    : refused(jdbc, clock.millis(), approval.by(), batch, new Verdict.NotNamed(file, batch));
        });
    }

    /**
     * Refuses an approval by a file that does not hold a number of devices.
     *
     * @param file its name
     * @param why in a sentence or two, with the remedy
     */
    public Verdict refuseFile(String file, String by, String why) {
        return writer.write(jdbc -> {
            List<String> meant = BatchNames.alike(jdbc, file);
            String batch = meant.size() == 1 ? meant.get(0) : "";
            return refused(jdbc, clock.millis(), by, batch, new Verdict.NotANumber(why));
        });
    }

    private static List<String> held(Jdbc jdbc) {
        return jdbc.queryForList(
                "select distinct batch from request where state = 'HELD' order by batch", String.class);
    }

    private static boolean isNamedAfter(String batch, String file) {
        String given = BatchName.folded(file);
        return given.equals(BatchName.folded(batch)) || given.equals(BatchName.folded(fileFor(batch)));
    }

    private Verdict approve(
            Jdbc jdbc,
            String batch,
            BatchApproval approval,
            Function<Set<Submitter>, Optional<String>> objection,
            Duration grace) {
        long now = clock.millis();
        long held = devicesHeld(jdbc, batch);
        if (held == 0) {
            return new Verdict.NotHeld(batch);
        } else if (approval.facts().isPresent() && approval.facts().getAsLong() != facts(jdbc, batch)) {
            return refused(jdbc, now, approval.by(), batch, new Verdict.Changed(batch));
        } else if (held != approval.devices()) {
            return refused(jdbc, now, approval.by(), batch, new Verdict.WrongNumber(batch, approval.devices()));
        }
        Optional<String> against = objection.apply(submitters(jdbc, batch));
        if (against.isPresent()) {
            return refused(jdbc, now, approval.by(), batch, new Verdict.NotByThisOne(batch, against.get()));
        }
        release(jdbc, now, batch, approval, grace);
        return new Verdict.Released(batch, held);
    }

    private static Verdict refused(Jdbc jdbc, long now, String by, String batch, Verdict refusal) {
        AuditEntries.tell(jdbc, now, AuditEntries.What.NOT_APPROVED, by, batch, "", refusal.words());
        return refusal;
    }

    private static String name(Jdbc jdbc, String name) {
        return jdbc
                .queryForList("select name from batch where name_key = ?", String.class, BatchNames.key(name))
                .stream()
                .findFirst()
                .orElse(name);
    }

    private static long facts(Jdbc jdbc, String batch) {
        return jdbc.queryForList("select facts from batch where name = ?", Long.class, batch)
                .get(0);
    }

    private static long devicesHeld(Jdbc jdbc, String batch) {
        return jdbc.queryForList(
                        "select count(distinct device_id) from request where batch = ? and state = 'HELD'",
                        Long.class,
                        batch)
                .get(0);
    }

    private static Set<Submitter> submitters(Jdbc jdbc, String batch) {
        return jdbc
                .query(
                        """
                        select distinct i.owner, i.kind from request r join unit u on u.id = r.unit
                        join intake i on i.id = u.intake where r.batch = ? and r.state = 'HELD'
                        """,
                        (row, number) ->
                                new Submitter(row.getString(1), row.getString(2).equals("MESSAGE")),
                        batch)
                .stream()
                .collect(Collectors.toSet());
    }

    private static void release(Jdbc jdbc, long now, String batch, BatchApproval approval, Duration grace) {
        List<Long> units = jdbc.queryForList(
                "select distinct unit from request where batch = ? and state = 'HELD'", Long.class, batch);
        AuditEntries.tellOf(
                jdbc,
                now,
                AuditEntries.What.APPROVED,
                approval.by(),
                approval.remark(),
                "batch = ? and state = 'HELD'",
                batch);
        units.forEach(unit -> {
            jdbc.update("update request set released = 1 where state = 'WAITING' and unit = ?", unit);
            jdbc.update("update unit set grace_until = ? where id = ?", Releases.graceUntil(now, grace), unit);
        });
        Releases.approved(jdbc, batch);
        Releases.letThrough(jdbc, now, State.HELD, "batch = ?", batch);
        units.forEach(unit -> Releases.tellOfGrace(jdbc, now, unit));
        Releases.holdBack(jdbc, "batch = ?", batch);
    }
}
