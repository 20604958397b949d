import Glibc

/// What this machine is called, for operators of several.
enum MachineName {
    /// The longest name of a host on Linux, in bytes (`HOST_NAME_MAX`), and a NUL.
    private static let bytesMax = 65

    /// The host's name; empty where it has none.
    static var current: String {
        var bytes = [CChar](repeating: 0, count: bytesMax)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
