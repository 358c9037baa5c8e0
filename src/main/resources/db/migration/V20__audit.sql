-- What the audit log still has to be told, written in the transaction of what it tells of. A row goes once the log has it
-- on disk, and its id never comes again: after a crash it tells which entries the log has.
create table audit_entry (
  id                ${idNeverUsedAgain},
  at                bigint not null,
  what              text   not null,
  told_by           text   not null,           -- who did it: an operating-system user, or the program itself
  batch             text,
  scope             text,                      -- of a pause: the tenant, or '*'
  remark            text,
  request           bigint references request (id),
  outcome           text,                      -- from here on: of the request, as it was at that moment
  error             text,
  http_status       int,
  attempts          int,
  graph_request_id  text,
  client_request_id text
);
