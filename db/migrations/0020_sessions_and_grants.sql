-- Sessions keep only a hash of the cookie, say how they began, and have an id that can be shown and revoked.
alter table session add column id uuid not null default gen_random_uuid();
alter table session add column method text not null default 'oidc';
alter table session add column user_agent text not null default '';
alter table session add constraint session_id_once unique (id);

-- Where a grant came from: given by a person in the portal, or read from the identity provider's groups at sign-in.
alter table role_grant add column source text not null default 'portal';

-- The tree is walked downwards, at every request of someone whose role is held in one unit.
create index business_unit_by_parent on business_unit (parent_id);
create index api_token_by_person on api_token (person_id);
