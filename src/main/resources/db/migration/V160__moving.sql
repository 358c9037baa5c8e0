-- The same index as before: with 'in', SQLite sets up a table of its own for each change of a request.
drop index request_moving;
create index request_moving on request (batch) where state = 'RECEIVED' or state = 'READY' or state = 'SENDING';
