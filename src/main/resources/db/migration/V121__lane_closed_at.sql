-- When a lane was closed: it stays closed no longer than for that time, be the clock set back meanwhile.
alter table lane add column closed_at bigint not null default 0;
