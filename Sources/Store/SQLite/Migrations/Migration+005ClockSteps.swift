extension Migration {
    /// Version 5: log entries may say that the wall clock was set (`clock_step`), and are found by that.
    static let clockStepsSQL = """
        CREATE INDEX log_clock_steps ON log (position) WHERE kind = 'clock_step';
        """
}
