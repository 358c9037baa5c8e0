-- How a file was read, for a person who wonders: what its columns were understood as, and which lines are no rows.
alter table intake add column read_as text not null default '[]';        -- JSON array of sentences
alter table intake add column skipped_empty bigint not null default 0;
alter table intake add column skipped_comments bigint not null default 0;
alter table intake add column first_comments text not null default '[]'; -- JSON array of line numbers
create index intake_read on intake (batch) where read_as <> '[]';
