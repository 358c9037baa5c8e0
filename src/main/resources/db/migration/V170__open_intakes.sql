-- Whether all of a batch was taken in is asked ten times a second: not by reading every file and message that ever came.
create index intake_open on intake (batch) where state = 'OPEN';
