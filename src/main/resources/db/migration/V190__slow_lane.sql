-- What other apps leave of a tenant's quota for actions, and of that for reads, as each lane found it. The columns of lane
-- that were for this stay: a service of before, which still runs, may be writing them.
create table slow_lane (
  tenant    text   not null,
  write     int    not null,                -- 1: the lane of the actions; 0: that of the reads
  share     real   not null,                -- of the quota, right after the lane was slowed down last
  slowed    bigint not null,                -- when that was
  slowed_by text   not null,                -- and by what answer
  primary key (tenant, write)
);
insert into slow_lane (tenant, write, share, slowed, slowed_by)
  select tenant, 1, share, slowed, slowed_by from lane where share < 1;
