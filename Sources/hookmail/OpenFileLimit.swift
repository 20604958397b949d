import Glibc

/// How many files and connections the process may have open.
enum OpenFileLimit {
    /// Raises the limit to the highest that the system allows without asking it for more.
    ///
    /// The usual soft limit is 1,024, for the sake of programs that use `select`. We do not, and each of two listeners
    /// may have as many connections. Where it cannot be raised the old one holds.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
