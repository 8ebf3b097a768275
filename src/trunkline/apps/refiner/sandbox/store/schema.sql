-- Everything the sandbox remembers. Times are ISO 8601 texts in UTC.

CREATE TABLE project (uuid TEXT NOT NULL, name TEXT NOT NULL);

-- `body` is the account as JSON, spliced behind `contacts.head`.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    remote_id TEXT UNIQUE,
    domain TEXT,
    display_name TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    attributes TEXT NOT NULL DEFAULT '{}',
    body TEXT NOT NULL DEFAULT '{}'
);

-- `traits` are those sent or answered; `attributes` adds the computed ones; `head`
-- is the contact as JSON up to `"account":`.
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    cookie_uuid TEXT,
    remote_id TEXT UNIQUE,
    email TEXT,
    display_name TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    views INTEGER NOT NULL DEFAULT 0,
    submissions INTEGER NOT NULL DEFAULT 0,
    last_form_view_at TEXT,
    last_form_submission_at TEXT,
    traits TEXT NOT NULL DEFAULT '{}',
    attributes TEXT NOT NULL DEFAULT '{}',
    head TEXT NOT NULL DEFAULT ''
);
CREATE INDEX contacts_first_seen ON contacts (first_seen_at, id);
CREATE INDEX contacts_last_seen ON contacts (last_seen_at, id);
CREATE INDEX contacts_submission ON contacts (ifnull(last_form_submission_at, ''), id);
CREATE INDEX contacts_name ON contacts (display_name, id);
CREATE INDEX contacts_email_order ON contacts (ifnull(email, ''), id);
CREATE INDEX contacts_email ON contacts (email);
CREATE INDEX contacts_account ON contacts (account_id);

CREATE TABLE traits (
    owner TEXT NOT NULL CHECK (owner IN ('contact', 'account')),
    slug TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (owner, slug)
) WITHOUT ROWID;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    recorded_at TEXT NOT NULL
);
CREATE INDEX events_contact ON events (contact_id);

-- `rule` is null for manual segments, `{}` for "All Users".
CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    rule TEXT
);

CREATE TABLE memberships (
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    segment_id INTEGER NOT NULL REFERENCES segments (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (contact_id, segment_id)
) WITHOUT ROWID;
CREATE INDEX memberships_segment ON memberships (segment_id, contact_id);

CREATE TABLE forms (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    published_at TEXT,
    archived_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    config TEXT NOT NULL
);

CREATE TABLE form_changes (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    form_id INTEGER NOT NULL REFERENCES forms (id),
    action TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE responses (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    form_id INTEGER NOT NULL REFERENCES forms (id),
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    first_shown_at TEXT NOT NULL,
    last_shown_at TEXT NOT NULL,
    show_counter INTEGER NOT NULL DEFAULT 1,
    first_data_reception_at TEXT,
    last_data_reception_at TEXT,
    completed_at TEXT,
    dismissed_at TEXT,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX responses_reception ON responses (ifnull(last_data_reception_at, ''), id);
CREATE INDEX responses_shown ON responses (last_shown_at, id);
CREATE INDEX responses_contact ON responses (contact_id, form_id);
CREATE INDEX responses_form ON responses (form_id, contact_id);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE response_tags (
    response_id INTEGER NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id),
    PRIMARY KEY (response_id, tag_id)
) WITHOUT ROWID;

CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    events TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT,
    created_at TEXT NOT NULL
);

-- One row per attempt; kept when its webhook is deleted.
CREATE TABLE sends (
    id INTEGER PRIMARY KEY,
    sent_at TEXT NOT NULL,
    webhook TEXT NOT NULL,
    event TEXT NOT NULL,
    url TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    status INTEGER,
    answer TEXT NOT NULL,
    duration_ms REAL NOT NULL,
    error TEXT
);
