import Glibc

/// The file with the refresh token that has taken the place of a configured one, where the token server gives a new one
/// with every access token.
///
/// Whoever asks for an access token holds the file for that time: a server takes a refresh token once, and some end the
/// whole consent when one comes a second time, be it from `hookmail send-test` beside the running server.
package struct RefreshTokenFile: Sendable {
    /// Why the file cannot be used, in words without its content.
    struct Fault: Error, Equatable {
        let words: String
    }

    /// The leave to ask with the token of this file; given back when the value ends.
    struct Hold: ~Copyable {
        private let descriptor: Int32

        fileprivate init(_ descriptor: Int32) {
            self.descriptor = descriptor
        }

        deinit {
            if descriptor >= 0 { close(descriptor) }
        }
    }

    /// In a folder of its own, which is made when it is first needed.
    package let path: String
    /// Is told why a new token could not be kept, which ends mails at the next start: without any secret.
    let report: @Sendable (String) -> Void

    /// How long to wait for another process that asks at this moment, in seconds: longer than an answer may take.
    static let holdSecondsMax = AccessTokens.requestSecondsMax + 10
    /// How often to look whether it has ended, in microseconds.
    private static let lookMicroseconds: UInt32 = 20_000

    package init(path: String, report: @escaping @Sendable (String) -> Void = { _ in }) {
        self.path = path
        self.report = report
    }

    /// Waits until nobody else asks with this file's token.
    ///
    /// - Parameter isCut: asked between two looks: ends the wait.
    func hold(unless isCut: () -> Bool) throws(Fault) -> Hold {
        // Where nothing was ever kept and nothing can be, there is nothing to share.
        guard try hasFolder() else { return Hold(-1) }
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.fault("cannot be held") }
        giveToOwner(descriptor)
        let hold = Hold(descriptor)
        for _ in 0..<(Self.holdSecondsMax * 1_000_000 / Int(Self.lookMicroseconds)) {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return hold }
            guard errno == EWOULDBLOCK || errno == EINTR else { throw Self.fault("cannot be held") }
            if isCut() { break }
            usleep(Self.lookMicroseconds)
        }
        throw Fault(words: "is held by another process that asks for an access token")
    }

    /// The token that was kept last, or `nil`.
    func token() throws(Fault) -> Password? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.fault("cannot be read")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: AccessTokens.tokenBytesMax + 2)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw Self.fault("cannot be read") }
        bytes.removeLast(bytes.count - count)
        guard bytes.popLast() == UInt8(ascii: "\n"), let token = Password(token: bytes) else {
            throw Fault(words: "holds no token; remove it, and the configured one is used")
        }
        return token
    }

    /// Keeps a token in the place of the one before: all of it, or nothing.
    func keep(_ token: Password) throws(Fault) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.fault("cannot be written") }
        giveToOwner(descriptor)
        let bytes = Array("\(token.text)\n".utf8)
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else {
            let fault = Self.fault("cannot be written", isWritten ? errno : number)
            unlink(draft)
            throw fault
        }
        // The name is on the disk, too, before the old token is forgotten.
        let folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private var folder: String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Makes the folder where there is none. Returns whether there is one now.
    private func hasFolder() throws(Fault) -> Bool {
        guard mkdir(folder, 0o700) != 0 else {
            let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { return true }
            giveToOwner(descriptor, of: folder + "/..")
            close(descriptor)
            return true
        }
        guard errno != EEXIST else { return true }
        let refusal = Self.fault("cannot be made")
        var status = stat()
        guard stat(folder, &status) != 0, errno == ENOENT else { throw refusal }
        return false
    }

    /// What root makes, as by `sudo hookmail send-test`, is for the user whose folder it stands in.
    private func giveToOwner(_ descriptor: Int32, of place: String? = nil) {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard stat(place ?? folder, &status) == 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
    }

    private static func fault(_ what: String, _ number: Int32 = errno) -> Fault {
        Fault(words: "\(what): \(String(cString: strerror(number)))")
    }
}
