-- What a verdict on a decision will count as: its risk class and features, whether it passed every
-- gate but the confidence, and the share of its kind that gets a verdict.
alter table decision add column risk text;
alter table decision add column features text;
alter table decision add column eligible boolean;
alter table decision add column share double precision;
create index decision_created on decision (created_at);

-- Labelled turns. A decision counts once at most, whoever speaks of it.
create table evidence (
    id text primary key,
    source text not null,
    set_name text,
    case_name text,
    inbox text,
    decision_id text unique references decision (id),
    risk text not null,
    features text not null,
    eligible boolean not null,
    wrong boolean not null,
    probability double precision not null,
    share double precision not null,
    happened_at timestamptz not null,
    created_at timestamptz not null
);
create index evidence_set on evidence (set_name, inbox);

-- Automatic answers that wait for a person's verdict: drawn with a known probability, or because
-- something gave alarm, or both.
create table audit (
    decision_id text primary key references decision (id),
    conversation_id text not null references conversation (id),
    draft_id text references draft (id),
    inbox text not null,
    risk text not null,
    probability double precision,
    alarm text,
    state text not null,
    verdict text,
    agent_id text,
    created_at timestamptz not null,
    settled_at timestamptz
);
create index audit_waiting on audit (created_at) where state = 'waiting';
create index audit_settled on audit (inbox, risk, settled_at) where state = 'settled';

-- How far each inbox may answer by itself in each risk class; without a threshold it may not.
create table licence (
    inbox text not null,
    risk text not null,
    body text not null,
    threshold double precision,
    model_version text not null,
    granted_at timestamptz,
    suspended_at timestamptz,
    computed_at timestamptz not null,
    primary key (inbox, risk)
);

-- Confidence models fitted on the deployment's own verdicts.
create table model (
    version text primary key,
    body text not null,
    fitted_on bigint not null,
    created_at timestamptz not null
);

-- Customers' wordings that agents approved; a removed one is not learned again.
create table wording (
    id text primary key,
    entry_id text not null,
    article_id text not null,
    words text not null,
    likeness text not null,
    decision_id text references decision (id),
    agent_id text,
    created_at timestamptz not null,
    removed_at timestamptz,
    removed_by text,
    unique (entry_id, likeness)
);
create index wording_live on wording (entry_id, created_at) where removed_at is null;

-- Which articles each knowledge revision touched, so that nodes bring in only those.
create table knowledge_change (
    revision bigint not null,
    article_id text not null,
    primary key (revision, article_id)
);
