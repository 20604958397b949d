/// Where mails go, as the configuration's `mail.server` says it.
package enum MailDestination: Sendable, Equatable {
    /// A mail server: `smtp://host[:587]` or, with `isImplicitTLS`, `smtps://host[:465]`.
    case smtp(host: String, port: Int, isImplicitTLS: Bool)
    /// A folder in Maildir form: `maildir:./mail`.
    case maildir(folder: String)

    /// Reads the setting; the fault says what is wrong with it and how it should look.
    package init(parsing text: String) throws(MailDestinationFault) {
        if let folder = text.removingPrefix("maildir:") {
            guard !folder.isEmpty, !folder.utf8.contains(0) else {
                throw MailDestinationFault("A folder has to follow `maildir:`, for example `maildir:./mail`.")
            }
            self = .maildir(folder: folder)
        } else if let rest = text.removingPrefix("smtps://") {
            let (host, port) = try Self.hostAndPort(rest, defaultPort: 465)
            self = .smtp(host: host, port: port, isImplicitTLS: true)
        } else if let rest = text.removingPrefix("smtp://") {
            let (host, port) = try Self.hostAndPort(rest, defaultPort: 587)
            self = .smtp(host: host, port: port, isImplicitTLS: false)
        } else {
            throw MailDestinationFault(
                "A mail server is written `smtp://host:587`, `smtps://host:465` or `maildir:./folder`."
            )
        }
    }

    private static func hostAndPort(
        _ text: String, defaultPort: Int
    ) throws(MailDestinationFault) -> (host: String, port: Int) {
        guard !text.utf8.contains(UInt8(ascii: "@")) else {
            throw MailDestinationFault("A login is no part of the server: write `username:` and `password:` instead.")
        }
        let trimmed = text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
        var host = Substring(trimmed)
        var port = defaultPort
        let end = host.utf8.first == UInt8(ascii: "[") ? host.utf8.firstIndex(of: UInt8(ascii: "]")) : nil
        if let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")), end.map({ $0 < colon }) ?? true {
            guard let number = Int(host[host.index(after: colon)...]), (1...65_535).contains(number) else {
                throw MailDestinationFault(
                    "The port has to be a number from 1 to 65535, for example `smtp://host:587`.")
            }
            port = number
            host = host[..<colon]
        }
        guard HostName.isValid(host) else {
            throw MailDestinationFault(
                "The host has to be a name of letters, digits, dots and hyphens, or an address such as `[::1]`."
            )
        }
        return (String(host), port)
    }
}

/// What is wrong with a `mail.server` setting, in a sentence for its author.
package struct MailDestinationFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The syntax of host names and address literals that may stand in a URL or behind EHLO.
enum HostName {
    /// The most bytes a domain name may have (RFC 1035 §2.3.4).
    static let bytesMax = 253

    /// Whether `text` is a dotted name of letters, digits, hyphens and underscores, or an IPv6 address in brackets.
    static func isValid(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= bytesMax else { return false }
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count > 2 {
            return bytes[1..<(bytes.count - 1)].allSatisfy { byte in
                isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
            }
        }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-")
                && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}

extension String {
    fileprivate func removingPrefix(_ prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
}
