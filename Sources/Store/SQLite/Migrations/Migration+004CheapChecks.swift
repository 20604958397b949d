extension Migration {
    /// Version 4: the checks of words are written without a list of more than two: SQLite makes a temporary table of
    /// such a list each time that a row is written. The same rows pass; the tables' content is untouched, as
    /// https://www.sqlite.org/lang_altertable.html#otheralter allows for checks.
    static let cheapChecksSQL = """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql,
            'CHECK (origin IN (''delivery'', ''unique_id'', ''id'', ''digest''))',
            'CHECK (origin = ''delivery'' OR origin = ''unique_id'' OR origin = ''id'' OR origin = ''digest'')')
            WHERE type = 'table' AND name = 'event';
        UPDATE sqlite_schema SET sql = replace(sql,
            'CHECK (outcome IN (''notified'', ''suppressed'', ''faulted''))',
            'CHECK (outcome = ''notified'' OR outcome = ''suppressed'' OR outcome = ''faulted'')')
            WHERE type = 'table' AND name = 'decision';
        UPDATE sqlite_schema SET sql = replace(replace(sql,
            'CHECK (state IN (''queued'', ''sending'', ''held'', ''accepted'', ''dead'', ''cancelled''))',
            'CHECK (state = ''queued'' OR state = ''sending'' OR state = ''held'' OR state = ''accepted''
                OR state = ''dead'' OR state = ''cancelled'')'),
            'CHECK ((state IN (''accepted'', ''dead'', ''cancelled'')) = (ended_at IS NOT NULL))',
            'CHECK ((state = ''accepted'' OR state = ''dead'' OR state = ''cancelled'') = (ended_at IS NOT NULL))')
            WHERE type = 'table' AND name = 'delivery';
        PRAGMA writable_schema = RESET;
        """
}
