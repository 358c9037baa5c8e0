-- What pages look up by key, whatever else the ledger holds: dead letters by their cause, and requests by what names their device.
create index request_dead on request (outcome, graph_code, remedy, batch, id) where state = 'DEAD';
alter table request add column serial_key text;           -- as the row, then Graph names the device; in small letters
alter table request add column name_key   text;
create index request_of_serial on request (serial_key) where serial_key is not null;
create index request_of_name   on request (name_key) where name_key is not null;
create index request_dead_of_batch on request (batch, outcome, graph_code, remedy, id) where state = 'DEAD';
create index batch_by_age on batch (created, name);
