extension Migration {
    /// Version 9: an event knows the position of its log entry, so that no index need find it, and numbers go on behind
    /// `store.event_floor`, the last one that was used or more, instead of AUTOINCREMENT's counter. `event_position`
    /// has the entries of events of before. Two triggers see to what the index and a foreign key, which would need it,
    /// saw to.
    ///
    /// The tables' content is untouched by the two changes of their text, as
    /// https://www.sqlite.org/lang_altertable.html#otheralter allows for what is no column.
    static let eventNumberSQL = """
        ALTER TABLE store ADD COLUMN event_floor INTEGER NOT NULL DEFAULT 0;
        UPDATE store SET event_floor = ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0);
        ALTER TABLE event ADD COLUMN position INTEGER;
        CREATE TABLE event_position (event INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;
        INSERT INTO event_position (event, position)
            SELECT event, position FROM log WHERE event IS NOT NULL ORDER BY position;
        DROP INDEX log_by_event;
        DELETE FROM sqlite_sequence WHERE name = 'event';
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY AUTOINCREMENT', 'PRIMARY KEY')
            WHERE type = 'table' AND name = 'event';
        UPDATE sqlite_schema SET sql = replace(sql, ' REFERENCES event (id)', '') WHERE type = 'table' AND name = 'log';
        PRAGMA writable_schema = RESET;
        CREATE TRIGGER log_has_its_event BEFORE INSERT ON log
            WHEN NEW.event IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM event WHERE id = NEW.event AND position = NEW.position)
            BEGIN SELECT RAISE(ABORT, 'a log entry has no event of its position'); END;
        CREATE TRIGGER event_has_its_entry BEFORE DELETE ON event
            WHEN EXISTS (SELECT 1 FROM log WHERE event = OLD.id AND position = ifnull(
                OLD.position, (SELECT p.position FROM event_position p WHERE p.event = OLD.id)))
            BEGIN SELECT RAISE(ABORT, 'an event has a log entry'); END;
        """
}
