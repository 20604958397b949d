extension Migration {
    /// Version 6: refusals of an address up to `at` no longer suppress it. The refusals themselves stay with their
    /// mails.
    static let suppressionLiftSQL = """
        CREATE TABLE suppression_lift (
            recipient BLOB PRIMARY KEY,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
