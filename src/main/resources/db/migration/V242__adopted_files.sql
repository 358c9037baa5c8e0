-- Why a file was read in part only: its machine was lost, and another took over what it left. Empty for every other.
alter table intake add column cut_off text not null default '';
