-- What the rules for duplicates need of requests that deprovision.retention removed.
create table removed_request (
  id         bigint primary key,
  unit       bigint not null,
  batch      text   not null,
  tenant     text   not null,
  line       bigint not null,
  state      text   not null,
  outcome    text   not null,
  started    bigint,
  finished   bigint,
  request_id text,
  device_id  text,
  force      int    not null
);
create index removed_of_device on removed_request (tenant, device_id) where device_id is not null;
create index removed_of_sender on removed_request (tenant, request_id) where request_id is not null;

-- Every request that there is or was, as far as those rules look at it.
create view known_request as
  select id, unit, batch, tenant, line, state, outcome, started, finished, reason, request_id, device_id, force,
    device, doubt_since, last_attempt from request
  union all
  select id, unit, batch, tenant, line, state, outcome, started, finished, '', request_id, device_id, force,
    null, null, null from removed_request;
