-- What is asked ten times a second must cost the same however long the backlog is.
create index request_resolved     on request (unit) where state = 'RECEIVED' and resolved is not null;
create index request_not_resolved on request (unit, state) where state = 'RECEIVED' and resolved is null;
create index request_moving       on request (batch) where state in ('RECEIVED', 'READY', 'SENDING');
