-- What a file of approval could mean: the same for all names of batches that could be taken for each other. Batches of
-- before get theirs when the first is asked for.
alter table batch add column approval_key text;
create index batch_of_approval on batch (approval_key);

-- A file as it was when its rows were read: one that changes after that had not wholly arrived.
alter table intake add column place         text;             -- where it lies, below the data folder
alter table intake add column file_size     bigint;
alter table intake add column file_modified bigint;           -- microseconds since 1970 UTC
alter table intake add column file_digest   text;
alter table intake add column changed       int not null default 0;
alter table intake add column watched       int not null default 0;
create index intake_watched on intake (id) where watched = 1;
