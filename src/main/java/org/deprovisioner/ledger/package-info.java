/**
 * The durable record of every request and every attempt: the one source of truth, and what dispatch works off. Its classes are
 * of seven kinds, and {@link Ledger} is the door to all that others may use.
 *
 * <p><b>Facts</b> are what others hold in their hands; they know nothing of a database: {@link State}, {@link Outcome},
 * {@link OutcomeClass}, {@link Finding}, {@link Lease}, {@link Pause}, {@link ApprovalRequest}, {@link Planned},
 * {@link ReadBackSchedule}, {@link Notice}.
 *
 * <p><b>Rules</b> decide from facts alone: {@link Duplicates}, {@link ReadBack}.
 *
 * <p><b>The way of a request</b>, in its order: {@link Intakes} take it in, {@link Claims} lease it, {@link Resolutions} find its
 * device, {@link Units} are guarded, {@link Approvals} release what was held, {@link Attempts} are its calls, {@link InDoubt} and
 * {@link AwaitingApproval} are where it may wait after one, {@link Replays} put it back, {@link Recovery} takes it up after a
 * start.
 *
 * <p><b>Beside the way</b> stands what is about many requests: {@link Batches}, {@link Backlog}, {@link Pauses},
 * {@link Nodes}, {@link LedgerImport}, {@link TakenFiles}, {@link Plans}, {@link ProtectedLists}, {@link TenantNames},
 * {@link Outbox}, {@link AuditEntries}, {@link Retention}, {@link Notifications}, {@link Posts},
 * {@link Figures}, {@link WrittenFiles}.
 *
 * <p><b>Changes</b> are made in the transaction of whoever makes them, with all that follows from them: {@link Transitions} alone
 * write a state, {@link Completions} end a request, {@link Cancellations} and {@link DryRuns} end many, {@link Releases} let
 * through, {@link NewRequests} are recorded, {@link TenantRows} are renamed.
 *
 * <p><b>Pages</b> are what people look at, read by key and never as a whole: {@link RowPages}, {@link ListedRow},
 * {@link DeadLetterCauses}, {@link DeviceHistories}, {@link HeldFacts}, {@link CallRates}.
 *
 * <p><b>Columns</b> are read and written by {@link RequestRows}, {@link LedgerJson} and {@link BatchNames}.
 */
@NullMarked
package org.deprovisioner.ledger;

import org.jspecify.annotations.NullMarked;
