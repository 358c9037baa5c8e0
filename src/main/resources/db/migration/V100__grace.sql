-- What a unit may send is not sent before this instant (deprovision.guard.grace), so that it can still be cancelled.
alter table unit add column grace_until bigint not null default 0;
