-- Dead letters that were put back by one command. Of these, one request is sent first; the others follow when it ended well.
create table replay (
  id     ${id},
  begun  bigint not null,
  set_by text   not null,
  first  bigint,                     -- the request that is sent first, once there is one that can be sent
  passed int    not null default 0   -- 1: the others may follow
);
create index replay_first on replay (first);
alter table request add column replay bigint;
create index request_of_replay on request (replay) where replay is not null;
