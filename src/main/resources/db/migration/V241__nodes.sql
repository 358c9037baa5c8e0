-- The services that share a ledger. On SQLite there is one, without a name here.
create table node (
  number    ${id},
  id        text   not null unique,         -- what stands in node.id of its data folder
  name      text   not null unique,
  version   text   not null,
  joined    bigint not null,
  seen      bigint not null,                -- its latest heartbeat, by the database's clock
  active    int    not null default 0,      -- 1: it works the ledger off
  stop_file text   not null default '',     -- why it lets nobody send: a STOP file in its data folder; empty: there is none
  settings  text   not null default '{}',   -- JSON: those of its settings in which all must agree
  adopted   bigint                          -- when another took over what it left
);
-- The settings of the node that was active last, by which all work; and how often the active one changed.
create table agreed (
  id        bigint primary key,
  settings  text   not null,
  said_by   text   not null,
  turns     bigint not null default 0
);
-- The node that a file or message came in at: its files lie there.
alter table intake add column node text not null default '';
alter table batch  add column node text not null default '';
-- Whose call it is: its answer may come once another node has taken over.
alter table attempt add column claim text;
-- On PostgreSQL entries stay once the log has them.
alter table audit_entry add column written int not null default 0;
create index audit_entry_waiting on audit_entry (id) where written = 0;
