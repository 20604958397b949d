/// What a request's first line asks for (RFC 9112 §3.2).
enum RequestTarget {
    /// The path of a target, without its query, and without scheme and host where a proxy wrote them.
    static func path(of target: String) -> String {
        let bytes = target.utf8
        let question = UInt8(ascii: "?")
        guard bytes.first != UInt8(ascii: "/") else {
            return bytes.contains(question) ? String(Substring(bytes.prefix { $0 != question })) : target
        }
        guard let scheme = target.firstRange(of: "://") else {
            return String(Substring(bytes.prefix { $0 != question }))
        }
        let rest = bytes[scheme.upperBound...].drop { $0 != UInt8(ascii: "/") && $0 != question }
        let path = rest.prefix { $0 != question }
        return path.isEmpty ? "/" : String(Substring(path))
    }
}
