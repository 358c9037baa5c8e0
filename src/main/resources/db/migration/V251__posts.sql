-- What was posted to the API under a key of its caller's, and what was answered: the same again records nothing.
create table posted (
  caller     text   not null,
  post_key   text   not null,
  digest     text   not null,               -- of the body and all that says how it is read
  answer     text   not null,               -- JSON array: each batch with its rows, and how many of them are unusable
  at         bigint not null,
  primary key (caller, post_key)
);
