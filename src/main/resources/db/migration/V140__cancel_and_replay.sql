-- Rows put back by a later replay than this one are not cancelled with their batch any more.
alter table batch add column cancelled_replay bigint not null default 0;
update batch set cancelled_replay = (select coalesce(max(id), 0) from replay) where cancelled_to > 0;
