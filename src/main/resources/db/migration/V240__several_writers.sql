-- The latest group of work that each writer committed: one who did not hear how its transaction ended looks here.
create table write_group (
  writer text   primary key,
  number bigint not null,
  at     bigint not null
);
-- PostgreSQL's real has seven digits.
${wideShares};
