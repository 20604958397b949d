import Events
import Glibc
import Store

/// The key of links that nobody configured: made at the first start and kept beside the store, so that the links of
/// mails outlive a restart.
struct LinkKeyFile {
    private let path: String

    /// Bytes of a new key.
    private static let keyBytes = 32

    /// - Parameter store: The database file; the key is called like it, with `-links` behind.
    init(store: String) {
        path = store + "-links"
    }

    /// The key, made now where there is none. Throws `.unavailable` when it can neither be read nor written.
    func key() throws(StoreError) -> Secret {
        if let key = try kept() { return key }
        try write(Hex.encode((0..<Self.keyBytes).map { _ in UInt8.random(in: 0...255) }) + "\n")
        guard let key = try kept() else { throw fault("it is gone again") }
        return key
    }

    /// The key in the content of such a file; `nil` for any other content.
    static func key(written content: Secret) -> Secret? {
        guard let bytes = Hex.decode(content.revealedBytes), bytes.count == keyBytes else { return nil }
        return Secret(bytes, label: content.label)
    }

    private func kept() throws(StoreError) -> Secret? {
        switch FileContent.read(path: path) {
        case .success(let content):
            let text = content.bytes.filter { $0 != 0x0A && $0 != 0x0D }
            guard let bytes = Hex.decode(text), bytes.count == Self.keyBytes else {
                throw fault("it holds no key; remove it, and a new one is made")
            }
            return Secret(bytes, label: "file \(path)")
        case .failure(.notFound): return nil
        case .failure(let found): throw fault("it \(found.words)")
        }
    }

    /// Writes the whole file under another name first: whoever reads it sees a whole key or none. Who was faster wins.
    private func write(_ text: String) throws(StoreError) {
        let draft = "\(path)-\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw fault("it cannot be written: \(String(cString: strerror(errno)))") }
        defer { unlink(draft) }
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard isWritten else { throw fault("it cannot be written: \(String(cString: strerror(number)))") }
        guard link(draft, path) == 0 || errno == EEXIST else {
            throw fault("it cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    private func fault(_ what: String) -> StoreError {
        .unavailable(detail: "the key of links, \(path): \(what)", fatal: true)
    }
}
