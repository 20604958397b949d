extension Migration {
    /// Version 2: the constant word for what was wrong with an attempt; NULL for accepted ones and for those of
    /// version 1.
    static let replyReasonSQL = """
        ALTER TABLE attempt ADD COLUMN reason TEXT CHECK (reason IS NULL OR class IS NOT NULL);
        """
}
