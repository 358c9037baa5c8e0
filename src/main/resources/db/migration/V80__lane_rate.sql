-- What other apps leave of a tenant's quota, as the lane found it: the share right after the latest refusal, when, and by what.
alter table lane add column share real not null default 1;
alter table lane add column slowed bigint not null default 0;
alter table lane add column slowed_by text not null default '';
