-- Intune's Multi Admin Approval: what is asked for, until the request is settled.
alter table request add column approval_code  text;       -- Intune's name of the approval request; null: another one is open
alter table request add column approval_since bigint;     -- when it was asked for
alter table request add column approval_polls int    not null default 0;
alter table request add column approval_due   bigint not null default 0; -- when to poll, or to ask again, next
create index request_approval on request (tenant, approval_due, id) where approval_since is not null;
