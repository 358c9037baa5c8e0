-- How the wall clock stood to the machine's steady one at the latest start: where it stands otherwise now, it was set, or the
-- machine was started anew, and the times in this ledger do not tell what was sent just now.
create table clock_before (
  id    bigint primary key,
  ahead bigint not null                     -- milliseconds
);
