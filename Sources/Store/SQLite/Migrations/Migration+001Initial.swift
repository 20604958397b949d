extension Migration {
    /// Version 1. Instants are whole microseconds since the epoch. Texts from senders, rules and mail servers are UTF-8
    /// in BLOB columns (`StoredBytes` says why): `CAST(key AS TEXT)` shows them.
    static let initialSQL = """
        CREATE TABLE store (
            single INTEGER PRIMARY KEY CHECK (single = 1),
            id TEXT NOT NULL CHECK (length(id) = 32),
            cursor INTEGER NOT NULL DEFAULT 0 CHECK (cursor >= 0),
            cursor_at INTEGER
        ) STRICT;
        INSERT INTO store (single, id) VALUES (1, lower(hex(randomblob(16))));

        -- Events with their facts; bodies are apart. `revises` names the first version without a foreign key, for that
        -- may be pruned first.
        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            source BLOB NOT NULL,
            type BLOB NOT NULL,
            key BLOB NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('delivery', 'unique_id', 'id', 'digest')),
            holds_key INTEGER NOT NULL CHECK (holds_key IN (0, 1)),
            revises INTEGER,
            received_at INTEGER NOT NULL,
            body_bytes INTEGER NOT NULL CHECK (body_bytes >= 0),
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            facts BLOB NOT NULL,
            CHECK (revises IS NULL OR (holds_key = 0 AND revises < id))
        ) STRICT;
        CREATE UNIQUE INDEX event_by_key ON event (source, type, key) WHERE holds_key = 1;
        CREATE INDEX event_by_revision ON event (revises, digest) WHERE revises IS NOT NULL;

        CREATE TABLE body (
            event INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            content BLOB NOT NULL
        ) STRICT;

        -- The log: numbered by the insert, placed by the evaluator.
        CREATE TABLE log (
            number INTEGER PRIMARY KEY,
            position INTEGER CHECK (position > 0),
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            event INTEGER REFERENCES event (id),
            payload BLOB,
            CHECK ((kind = 'event') = (event IS NOT NULL)),
            CHECK ((kind = 'event') = (payload IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX log_by_position ON log (position) WHERE position IS NOT NULL;
        CREATE UNIQUE INDEX log_by_event ON log (event) WHERE event IS NOT NULL;
        CREATE INDEX log_unevaluated ON log (number) WHERE position IS NULL;

        CREATE TABLE decision (
            position INTEGER NOT NULL CHECK (position > 0),
            at INTEGER NOT NULL,
            event INTEGER,
            rule BLOB NOT NULL,
            "group" BLOB,
            outcome TEXT NOT NULL CHECK (outcome IN ('notified', 'suppressed', 'faulted')),
            detail BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX decision_once ON decision (position, rule, ifnull("group", 0));
        CREATE INDEX decision_by_event ON decision (event) WHERE event IS NOT NULL;

        CREATE TABLE engine_state (
            key BLOB PRIMARY KEY CHECK (length(key) <= 512),
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE notification (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE,
            event INTEGER NOT NULL,
            holds_slot INTEGER NOT NULL CHECK (holds_slot IN (0, 1)),
            end_logged INTEGER NOT NULL DEFAULT 0 CHECK (end_logged IN (0, 1)),
            ended_at INTEGER,
            content BLOB NOT NULL,
            CHECK (end_logged = 0 OR holds_slot = 1)
        ) STRICT;
        CREATE INDEX notification_ended ON notification (ended_at, number) WHERE ended_at IS NOT NULL;
        CREATE INDEX notification_unfinished ON notification (event) WHERE ended_at IS NULL;

        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            notification INTEGER NOT NULL REFERENCES notification (number) ON DELETE CASCADE,
            recipient BLOB NOT NULL,
            severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 3),
            state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'held', 'accepted', 'dead', 'cancelled')),
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            created_at INTEGER NOT NULL,
            age_from INTEGER NOT NULL,
            next_at INTEGER,
            lease_until INTEGER,
            ended_at INTEGER,
            template_fault BLOB,
            UNIQUE (notification, recipient),
            CHECK ((state IN ('queued', 'held')) = (next_at IS NOT NULL)),
            CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
            CHECK ((state IN ('accepted', 'dead', 'cancelled')) = (ended_at IS NOT NULL)),
            CHECK (state <> 'accepted' OR attempts > 0)
        ) STRICT;
        CREATE INDEX delivery_due ON delivery (next_at) WHERE state IN ('queued', 'held');
        CREATE INDEX delivery_in_order ON delivery (severity, created_at, id, next_at)
            WHERE state IN ('queued', 'held');
        CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'sending';
        CREATE INDEX delivery_by_state ON delivery (state, id);

        CREATE TABLE message (
            delivery INTEGER PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
            sender TEXT NOT NULL,
            recipient TEXT NOT NULL,
            message_id TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT;

        CREATE TABLE attempt (
            delivery INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL CHECK (ordinal > 0),
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            class TEXT CHECK (class IN ('accepted', 'transient', 'greylisted', 'permanent', 'recipientRefused', 'host',
                'configuration', 'ambiguous')),
            code INTEGER,
            enhanced_code BLOB,
            text BLOB,
            PRIMARY KEY (delivery, ordinal),
            CHECK ((ended_at IS NULL) = (class IS NULL)),
            CHECK ((class IS NULL) = (text IS NULL)),
            CHECK (class IS NOT NULL OR (code IS NULL AND enhanced_code IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX attempt_running ON attempt (delivery) WHERE ended_at IS NULL;
        """
}
