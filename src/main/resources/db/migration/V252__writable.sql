-- One row that is written anew to see whether the ledger can be written.
create table writable (
  id      int    primary key,
  at      bigint not null
);
