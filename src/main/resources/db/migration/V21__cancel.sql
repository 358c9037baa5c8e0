-- Requests of the batch up to this id are cancelled: one that was under way then, or is read later, is not sent any more.
alter table batch add column cancelled_to bigint not null default 0;
