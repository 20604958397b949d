import ArgumentParser

/// The exit codes of every command, those of sysexits(3) where one fits.
extension ExitCode {
    /// Something was found wrong: a check, a test, no match.
    static let foundFault = ExitCode(1)
    /// The command line is wrong (EX_USAGE).
    static let usage = ExitCode(64)
    /// The input data is wrong (EX_DATAERR).
    static let badInput = ExitCode(65)
    /// A service is not to be had: the server is not running, the port is taken (EX_UNAVAILABLE).
    static let unavailable = ExitCode(69)
    /// The result could not be written to standard output (EX_IOERR).
    static let outputLost = ExitCode(74)
    /// A passing fault: try again (EX_TEMPFAIL).
    static let tryAgain = ExitCode(75)
    /// The configuration is wrong; nothing was started (EX_CONFIG).
    static let badConfiguration = ExitCode(78)
}
