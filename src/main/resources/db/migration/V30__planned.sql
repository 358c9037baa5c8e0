-- 'submit --plan' applies exactly a plan: what it says of each row stands here until the row itself is recorded.
create table planned (
  intake bigint not null references intake (id),
  line   bigint not null,
  device text   not null,                   -- JSON: the device as the plan shows it
  primary key (intake, line)
);
alter table intake  add column planned int not null default 0; -- 1: its rows are sent as planned or not at all
alter table request add column planned text; -- null: no plan; JSON of the planned device; empty: the plan sends nothing for it
