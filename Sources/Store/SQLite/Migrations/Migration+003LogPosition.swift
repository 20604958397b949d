extension Migration {
    /// Version 3: a log entry's number is its position, also before it is evaluated; `store.cursor` says how far
    /// evaluation is. Entries keep the positions that decisions and people know them by, and those that wait get the
    /// ones that evaluation would have given them next.
    static let logPositionSQL = """
        CREATE TABLE positioned_log (
            position INTEGER PRIMARY KEY CHECK (position > 0),
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            event INTEGER REFERENCES event (id),
            payload BLOB,
            CHECK ((kind = 'event') = (event IS NOT NULL)),
            CHECK ((kind = 'event') = (payload IS NULL))
        ) STRICT;
        INSERT INTO positioned_log (position, at, kind, event, payload)
            SELECT position, at, kind, event, payload FROM log WHERE position IS NOT NULL ORDER BY position;
        INSERT INTO positioned_log (position, at, kind, event, payload)
            SELECT (SELECT cursor FROM store) + row_number() OVER (ORDER BY number), at, kind, event, payload
            FROM log WHERE position IS NULL ORDER BY number;
        DROP TABLE log;
        ALTER TABLE positioned_log RENAME TO log;
        CREATE UNIQUE INDEX log_by_event ON log (event) WHERE event IS NOT NULL;
        """
}
