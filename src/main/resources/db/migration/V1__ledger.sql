-- One dialect for SQLite and PostgreSQL; ${id} is the only word in which they differ here.
-- Instants are milliseconds since 1970 UTC. A partial index names its state as a literal, as the statements do that use it.

-- A file or message that was handed over.
create table intake (
  id             ${id},
  kind           text   not null,           -- FILE or MESSAGE
  name           text   not null,           -- the file's name, or the message's id
  source_key     text   unique,             -- of a message: its id and a digest of its body, so that a redelivery is known
  owner          text   not null,           -- the file's owner, or the message's user
  received       bigint not null,
  state          text   not null,           -- OPEN, TAKEN or REJECTED
  batch          text,
  last_line      bigint not null default 0, -- rows up to this line are recorded: where a cut-off intake goes on
  reply_to       text,
  correlation_id text
);

create table batch (
  name         text   primary key,
  name_key     text   not null unique,      -- the name in lower case: names are taken without regard to case
  kind         text   not null,             -- FILE or MESSAGES
  created      bigint not null,
  columns      text   not null,             -- JSON array: the input's own columns
  delimiter    text   not null,
  changed      bigint not null default 0,   -- counts every change of a request's result
  written      bigint not null default 0,   -- the count that the files in results/ and dead-letter/ show
  written_at   bigint not null default 0
);

-- What is resolved and guarded as a whole: the rows of one tenant in a file or in a message.
create table unit (
  id      ${id},
  intake  bigint not null references intake (id),
  batch   text   not null references batch (name),
  tenant  text   not null,
  unique (intake, tenant)
);

create table request (
  id                  ${id},
  unit                bigint not null references unit (id),
  batch               text   not null,
  tenant              text   not null,
  line                bigint not null,
  cells               text   not null,      -- JSON array: the row as it came, in the order of the batch's columns
  raw                 text,                 -- of an invalid row: its text as it was handed over
  form                text,
  path                text,
  managed_device_id   text,
  serial_number       text,
  device_name         text,
  user_principal_name text,
  azure_ad_device_id  text,
  reason              text,
  request_id          text,
  force               int    not null default 0,
  not_before          bigint not null default 0,
  state               text   not null,
  due                 bigint not null default 0,
  leased_by           text,
  leased_until        bigint,
  released            int    not null default 0, -- let through by the limits, or approved: they do not stop it again
  device_id           text,                 -- Intune's id as resolving found it: the same device bears the same id
  device              text,                 -- JSON: the device as Graph described it
  resolved            bigint,
  waits_for           bigint,
  attempts            int    not null default 0, -- charged ones
  looks               int    not null default 0, -- charged reads since the request was received
  first_attempt       bigint,
  last_attempt        bigint,
  tried_millis        bigint not null default 0, -- since the first attempt, without pauses, holds and throttling
  outcome             text,
  http_status         int,
  graph_code          text,
  error               text,
  remedy              text,
  graph_request_id    text,
  client_request_id   text,
  started             bigint,
  finished            bigint
);
create index request_of_batch   on request (batch, id);
create index request_of_device  on request (tenant, device_id) where device_id is not null;
create index request_of_sender  on request (tenant, request_id) where request_id is not null;
create index request_unresolved on request (tenant, due, id) where state = 'RECEIVED' and resolved is null;
create index request_of_unit    on request (unit, state);
create index request_ready      on request (tenant, due, id) where state = 'READY';
create index request_sending    on request (id) where state = 'SENDING';
create index request_waiting    on request (waits_for) where state = 'WAITING';
create index request_in_doubt   on request (tenant, due, id) where state = 'IN_DOUBT';
create index request_held       on request (batch, unit) where state = 'HELD';

-- One call of Graph for a request, recorded before it is made.
create table attempt (
  id                ${id},
  request           bigint not null references request (id),
  tenant            text   not null,
  client_request_id text   not null,
  begun             bigint not null,
  ended             bigint,
  http_status       int,
  graph_request_id  text,
  result            text
);
create index attempt_of_request on attempt (request);
create index attempt_of_tenant  on attempt (tenant, begun);

-- Dispatch stands still for a tenant, or for all ('*').
create table pause (
  scope      text   primary key,
  kind       text   not null,               -- PROBE ends by itself, RESUME waits for the command
  cause      text   not null,
  message    text   not null,
  remedy     text   not null,
  since      bigint not null,
  set_by     text   not null,
  probes     int    not null default 0,
  next_probe bigint not null default 0,
  probing    int    not null default 0      -- 1: one call may go through to see whether the cause is gone; 2: it is under way
);

-- Causes of pauses (rejected:<code>) that 'resume' took as the devices' own fault, until something succeeds.
create table accepted_code (
  tenant text not null,
  code   text not null,
  primary key (tenant, code)
);

-- A tenant's lane is closed until this instant: Graph's Retry-After survives a restart.
create table lane (
  tenant       text   primary key,
  closed_until bigint not null
);

-- What still has to leave: dead-letter messages and replies. Results files leave by batch.changed.
create table outbox (
  id       ${id},
  kind     text   not null,                 -- DEAD_LETTER or REPLY
  request  bigint not null references request (id),
  due      bigint not null default 0
);
create index outbox_of_kind on outbox (kind, due, id);

-- The files that we wrote, as we left them: one that somebody changed since is not overwritten.
create table written_file (
  path     text   primary key,
  size     bigint not null,
  modified bigint not null
);
