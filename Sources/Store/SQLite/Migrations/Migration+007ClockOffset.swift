extension Migration {
    /// Version 7: `store.clock_offset` is by how many microseconds the wall clock was set in all, so that a step need
    /// not rewrite what has ended. `notification.ended_at` and `suppression_lift.at` are instants less the offset of
    /// their time, and keep their distance from now less the present one. `delivery.ended_at` is shown to people, so it
    /// stays as the clock showed it, and `ended_offset` is the offset of that time.
    static let clockOffsetSQL = """
        ALTER TABLE store ADD COLUMN clock_offset INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE delivery ADD COLUMN ended_offset INTEGER NOT NULL DEFAULT 0;
        """
}
