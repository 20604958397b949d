extension Migration {
    /// Version 8: what parts of the bridge have to remember over a restart. `clock_offset` is `store.clock_offset` of
    /// the time when it was kept.
    static let memosSQL = """
        CREATE TABLE memo (
            name TEXT PRIMARY KEY,
            clock_offset INTEGER NOT NULL,
            content BLOB NOT NULL CHECK (length(content) <= 1048576)
        ) STRICT, WITHOUT ROWID;
        """
}
