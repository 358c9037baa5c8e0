-- 1: these rows were handed over to a dry run. A service that sends ends what the dry run left of them.
alter table unit add column dry_run int not null default 0;
-- 1: the whole of it was, also what is recorded after the dry run ended
alter table intake add column dry_run int not null default 0;
create index unit_of_dry_run on unit (id) where dry_run = 1;
