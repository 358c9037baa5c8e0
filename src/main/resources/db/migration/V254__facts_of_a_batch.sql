-- Counts every change of what an approver is shown of a batch: its held rows, those that wait with them, and those that were
-- refused before anything was sent. An approval is bound to this count.
alter table batch add column facts bigint not null default 0;
