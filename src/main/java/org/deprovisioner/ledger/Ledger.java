package org.deprovisioner.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.deprovisioner.store.Activity;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;
import org.deprovisioner.store.Store;
import org.deprovisioner.store.StoreException;

/**
 * The durable record of every request and every attempt. It is a SQLite file that several processes may open, one service
 * that dispatches and commands beside it; or a PostgreSQL database, on which services of several machines work. Safe for use by many threads; every method that changes something returns when
 * the change is on disk, unless it says otherwise.
 */
public final class Ledger implements AutoCloseable {

    private final Store store;
    private final Clock clock;
    private final Intakes intakes;
    private final TakenFiles takenFiles;
    private final InDoubt inDoubt;
    private final Claims claims;
    private final Resolutions resolutions;
    private final Attempts attempts;
    private final Recovery recovery;
    private final Backlog backlog;
    private final Figures figures;
    private final Units units;
    private final Approvals approvals;
    private final Batches batches;
    private final Pauses pauses;
    private final Outbox outbox;
    private final AuditEntries audit;
    private final Replays replays;
    private final Plans plans;
    private final AwaitingApproval awaitingApproval;
    private final Retention retention;
    private final TenantNames tenants;
    private final ProtectedLists protectedLists;
    private final Notifications notifications;
    private final Posts posts;
    private final RowPages rowPages;
    private final DeadLetterCauses deadLetterCauses;
    private final DeviceHistories deviceHistories;
    private final HeldFacts heldFacts;
    private final CallRates callRates;
    private final Nodes nodes;

    private Ledger(Store store, Clock clock, LongSupplier nanoTime) {
        this.store = store;
        this.clock = clock;
        Jdbc reader = store.reader();
        GroupCommit writer = store.writer();
        SteadyTime steady = new SteadyTime(clock, nanoTime);
        intakes = new Intakes(reader, writer, clock);
        takenFiles = new TakenFiles(reader, writer, clock);
        inDoubt = new InDoubt(reader, writer, clock, steady);
        claims = new Claims(reader, writer, clock, steady);
        resolutions = new Resolutions(writer, clock, steady);
        recovery = new Recovery(writer, inDoubt, clock, steady);
        attempts = new Attempts(reader, writer, inDoubt, recovery, clock, steady);
        backlog = new Backlog(reader);
        figures = new Figures(reader, writer, clock);
        units = new Units(reader, writer, clock);
        approvals = new Approvals(writer, clock);
        batches = new Batches(reader, writer, clock);
        pauses = new Pauses(reader, writer, clock, steady);
        outbox = new Outbox(reader, writer, clock);
        audit = new AuditEntries(reader, writer, clock);
        replays = new Replays(reader, writer, clock);
        plans = new Plans(reader, writer, clock);
        awaitingApproval = new AwaitingApproval(reader, writer, clock, steady, claims);
        retention = new Retention(reader, writer, clock);
        tenants = new TenantNames(writer, clock);
        protectedLists = new ProtectedLists(reader, writer);
        notifications = new Notifications(reader, writer, clock);
        posts = new Posts(writer, intakes, clock);
        rowPages = new RowPages(reader);
        deadLetterCauses = new DeadLetterCauses(reader);
        deviceHistories = new DeviceHistories(reader);
        heldFacts = new HeldFacts(reader);
        callRates = new CallRates(reader, clock);
        nodes = new Nodes(reader, writer, writer.activity(), clock);
    }

    /** As {@link Store#open}. */
    public static Ledger open(String url, Clock clock) {
        return open(Database.at(url), clock);
    }

    /** As {@link Store#open}. */
    public static Ledger open(Database database, Clock clock) {
        return byItsClock(Store.open(database), clock);
    }

    static Ledger open(String url, Clock clock, LongSupplier nanoTime) {
        return new Ledger(Store.open(Database.at(url)), clock, nanoTime);
    }

    /** As {@link Store#openAlone}. */
    public static Ledger openAlone(String url, Clock clock) {
        return openAlone(Database.at(url), clock);
    }

    /** As {@link Store#openAlone}. */
    public static Ledger openAlone(Database database, Clock clock) {
        return byItsClock(Store.openAlone(database), clock);
    }

    private static Ledger byItsClock(Store store, Clock clock) {
        return new Ledger(store, store.clock(clock), System::nanoTime);
    }

    /** Whether there is a ledger; an empty file is none. */
    public static boolean isThere(Database database) {
        return Store.isThere(database);
    }

    /** The wall clock by which its instants are written: the machine's, or that of the server which has the ledger. */
    public Clock clock() {
        return clock;
    }

    /** Whether this process works the ledger off. */
    public Activity activity() {
        return store.writer().activity();
    }

    /** As {@link Store#migrate}. */
    public static void migrate(Database database) {
        Store.migrate(database);
    }

    /** Whether a ledger is of an older version, which the next start of the service brings up to date. */
    public static boolean isOlder(Database database) {
        return Store.isOlder(database);
    }

    /** The file that a ledger lies in, or would; empty where a server has it. */
    public static Optional<Path> place(Database database) {
        return database.files().stream().findFirst();
    }

    /** From now on the work is a dry run: what is taken in will never be sent. To be said before the service starts. */
    public void beDryRun() {
        intakes.beDryRun();
        plans.beDryRun();
        units.beDryRun();
    }

    /** From now on what comes in is known to have come in at this node, and what came in at others is left to them. */
    public void beNode(String id) {
        intakes.beNode(id);
        takenFiles.beNode(id);
        batches.beNode(id);
        plans.beNode(id);
        protectedLists.beNode(id);
    }

    /** The services that share the ledger. */
    public Nodes nodes() {
        return nodes;
    }

    /** How files and messages are taken in. */
    public Intakes intakes() {
        return intakes;
    }

    /** The files that were taken in, and whether they change. */
    public TakenFiles takenFiles() {
        return takenFiles;
    }

    /** Who works on which request. */
    public Claims claims() {
        return claims;
    }

    /** What is found out of requests before a call is made for them. */
    public Resolutions resolutions() {
        return resolutions;
    }

    /** The calls that are made for requests. */
    public Attempts attempts() {
        return attempts;
    }

    /** How what was under way is taken up after a start. */
    public Recovery recovery() {
        return recovery;
    }

    /** Which tenants have requests that wait for something. */
    public Backlog backlog() {
        return backlog;
    }

    /** The ledger in numbers. */
    public Figures figures() {
        return figures;
    }

    /** What nobody knows yet whether it was carried out. */
    public InDoubt inDoubt() {
        return inDoubt;
    }

    /** What is guarded as a whole. */
    public Units units() {
        return units;
    }

    /** How what is held is released. */
    public Approvals approvals() {
        return approvals;
    }

    /** Batches, their counts and their rows. */
    public Batches batches() {
        return batches;
    }

    /** What stands still, and why. */
    public Pauses pauses() {
        return pauses;
    }

    /** The messages that still have to leave. */
    public Outbox outbox() {
        return outbox;
    }

    /** How dead letters are put back. */
    public Replays replays() {
        return replays;
    }

    /** What the audit log still has to be told. */
    public AuditEntries audit() {
        return audit;
    }

    /** As {@link Store#weaknesses(Database)}. */
    public static List<Database.Weakness> weaknesses(Database database) {
        return Store.weaknesses(database);
    }

    /** As {@link Database#weaknesses}. */
    public List<Database.Weakness> weaknesses() {
        return store.weaknesses();
    }

    /** As {@link Store#refuseDamaged}. */
    public void refuseDamaged() {
        store.refuseDamaged();
    }

    /** As {@link Store#lookForDamageMeanwhile}. */
    public Thread lookForDamageMeanwhile() {
        return store.lookForDamageMeanwhile();
    }

    /** As {@link Store#backup}. */
    public void backup(Path file) throws IOException {
        store.backup(file);
    }

    /**
     * Reads a copy from end to end.
     *
     * @return how many requests it holds
     * @throws StoreException when it is damaged
     */
    public static long verify(Path copy) {
        return Store.verify(Database.at("jdbc:sqlite:" + copy))
                .sql("select count(*) from request")
                .query(Long.class)
                .single();
    }

    /** What is about to be done, and the plans that are applied. */
    public Plans plans() {
        return plans;
    }

    /** What waits for Intune's Multi Admin Approval. */
    public AwaitingApproval awaitingApproval() {
        return awaitingApproval;
    }

    /** How settled requests leave. */
    public Retention retention() {
        return retention;
    }

    /** Which tenant each name means. */
    public TenantNames tenants() {
        return tenants;
    }

    /** What held of the lists of protected devices. */
    public ProtectedLists protectedLists() {
        return protectedLists;
    }

    /** What is posted to the API. */
    public Posts posts() {
        return posts;
    }

    /** What people are told. */
    public Notifications notifications() {
        return notifications;
    }

    /** Batches and their rows, page by page. */
    public RowPages rowPages() {
        return rowPages;
    }

    /** Dead letters by their cause. */
    public DeadLetterCauses deadLetterCauses() {
        return deadLetterCauses;
    }

    /** What was done to a device. */
    public DeviceHistories deviceHistories() {
        return deviceHistories;
    }

    /** What an approver is shown of a batch. */
    public HeldFacts heldFacts() {
        return heldFacts;
    }

    /** How many calls were begun when. */
    public CallRates callRates() {
        return callRates;
    }

    /** As {@link Store#isWriting}. */
    public boolean isWriting() {
        return store.isWriting();
    }

    /** As {@link Store#files}. */
    public List<Path> files() {
        return store.files();
    }

    /** As {@link Store#checkpoint}. */
    public void checkpoint() {
        store.checkpoint();
    }

    /** As {@link Store#abandon}. */
    public void abandon() {
        store.abandon();
    }

    @Override
    public void close() {
        store.close();
    }
}
