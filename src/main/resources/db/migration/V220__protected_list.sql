-- The rules of each list of protected devices as it was last known: one that is found shorter may still be being written.
create table protected_list (
  path    text   primary key,               -- the file
  rules   text   not null,                  -- JSON array: column and value of each rule, one after the other
  waiting text   not null                   -- why rules hold that do not stand in the file, in words; empty where none do
);
