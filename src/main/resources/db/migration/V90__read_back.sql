-- What is in doubt: its device is read back until it shows whether the action was carried out.
alter table request add column doubt       text;                    -- why nobody knows whether the call was carried out
alter table request add column doubt_since bigint;                  -- when its first such attempt was begun
alter table request add column accepted    int not null default 0;  -- 1: Graph took the action, and it is only verified
alter table request add column read_backs  int not null default 0;  -- looks at the device that Graph answered
alter table request add column gone_looks  int not null default 0;  -- how many of these in a row found the device gone

-- One look at the device of a request in doubt.
create table read_back (
  id                ${id},
  request           bigint not null references request (id),
  at                bigint not null,
  http_status       int,
  client_request_id text   not null,
  graph_request_id  text,
  saw               text   not null         -- what it showed, in words
);
create index read_back_of_request on read_back (request);
