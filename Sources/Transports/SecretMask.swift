/// Replaces a login's secrets wherever they turn up in text that somebody will read: a server may repeat in a reply
/// what it was given.
struct SecretMask {
    /// What stands in a secret's place.
    static let mark = "•••"
    /// A password shorter than this is not looked for on its own: it would be found in innocent words. Its encoded
    /// forms are. A shorter user name is not looked for at all.
    static let plainBytesMin = 4

    private var forms: [[UInt8]] = []

    /// Knows the secrets of `login`; those of an access token come with `add`.
    init(_ login: SMTPLogin?) {
        guard case .password(let username, let password)? = login else { return }
        add(password, username: username)
    }

    /// Adds a password or token in the forms in which it crosses the wire.
    ///
    /// - Parameters:
    ///   - host: the mail server's, which OAUTHBEARER puts before a token.
    ///   - port: likewise.
    mutating func add(_ secret: Password, username: String, host: String = "", port: Int = 0) {
        let bytes = Array(secret.text.utf8)
        let name = Array(username.utf8)
        let wire = [
            bytes, [0] + name + [0] + bytes, name + [0] + bytes,
            Array("user=\(username)\u{1}auth=Bearer \(secret.text)\u{1}\u{1}".utf8),
            Array("n,a=\(username),\u{1}host=\(host)\u{1}port=\(port)\u{1}auth=Bearer \(secret.text)\u{1}\u{1}".utf8),
        ]
        forms += wire.map(Self.base64)
        if bytes.count >= Self.plainBytesMin { forms.append(bytes) }
        // LOGIN sends the user name in a line of its own. As it is it is no secret: logs and settings show it.
        if name.count >= Self.plainBytesMin { forms.append(Self.base64(name)) }
        // The longest first: a form that holds another is replaced whole.
        forms.sort { $0.count > $1.count }
    }

    /// The text with every secret replaced, and with the beginning of one where a text as long as texts are kept may
    /// have been cut inside it.
    func masked(_ text: String) -> String {
        guard !forms.isEmpty else { return text }
        var bytes = Array(text.utf8)
        let isTorn = text.unicodeScalars.count >= SMTPDialogue.textCharactersMax
        for form in forms { Self.replace(form, in: &bytes) }
        if isTorn { replaceBeginning(atEndOf: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func replaceBeginning(atEndOf bytes: inout [UInt8]) {
        let lengths = forms.map { form in
            (0..<form.count).last { bytes.suffix($0).elementsEqual(form.prefix($0)) && $0 <= bytes.count } ?? 0
        }
        guard let length = lengths.max(), length > 0 else { return }
        bytes.replaceSubrange((bytes.count - length)..., with: Array(Self.mark.utf8))
    }

    private static func replace(_ form: [UInt8], in bytes: inout [UInt8]) {
        guard let first = form.first, form.count <= bytes.count else { return }
        var index = 0
        while index + form.count <= bytes.count {
            if bytes[index] == first, bytes[index...].starts(with: form) {
                bytes.replaceSubrange(index..<(index + form.count), with: Array(mark.utf8))
                index += mark.utf8.count
            } else {
                index += 1
            }
        }
    }

    /// Base64 without padding (RFC 4648 §4), so that a form is found with and without it.
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[value >> (18 - 6 * place) & 63]) }
        }
        return text
    }
}
