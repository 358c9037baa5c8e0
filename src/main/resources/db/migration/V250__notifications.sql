-- What a person should hear of, until it becomes part of a notification; what happens again meanwhile is counted.
create table notice (
  kind    text   not null,
  subject text   not null,                  -- the batch, tenant or machine that it is about; empty for none
  at      bigint not null,                  -- of the first time
  times   bigint not null,
  message text   not null,                  -- of the last time
  remedy  text   not null,
  primary key (kind, subject)
);

-- When a notification of each kind was made last.
create table notified (
  kind text   primary key,
  made bigint not null
);

-- A notification that still has to leave, once for each way that it leaves by.
create table notification (
  id       text   not null,                 -- the same by all ways
  channel  text   not null,                 -- the way: webhook, or the name that a route gives itself
  kind     text   not null,
  made     bigint not null,
  title    text   not null,
  words    text   not null,
  content  text   not null,                 -- JSON, as it is sent
  attempts int    not null default 0,
  due      bigint not null,
  error    text,                            -- why the latest attempt failed
  given_up bigint,                          -- since when it is not tried any more
  primary key (id, channel)
);
create index notification_due on notification (channel, due) where given_up is null;
