-- Which tenant a name means: its rows follow the tenant's id, whatever it is called later.
create table tenant (
  name      text primary key,               -- as the other tables have it
  tenant_id text unique,                    -- in lower case, as it was set; null: not known yet
  asked_id  text                            -- set since, and perhaps another tenant: taken once a person has ended the pause
);
