import Foundation
import Glibc

/// Programs that tests run beside themselves.
package final class TestProcess {
    /// The path of a program on PATH or in the folders of system daemons, or `nil`.
    package static func find(_ name: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/sbin"]
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Whether tests run what needs the program: where it is installed, and where `scripts/test` has seen to that.
    package static func isExpected(_ name: String) -> Bool {
        find(name) != nil || getenv("HOOKMAIL_REQUIRE_POSTFIX") != nil
    }

    /// Runs a program to its end; its exit status and what it printed on both outputs. It blocks the caller.
    package static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        var ends: [Int32] = [-1, -1]
        // A socket pair and no pipe: it is born closed on exec, so no other program started meanwhile keeps it open.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw TestSupportFault("No pipe: errno \(errno).") }
        defer { close(ends[0]) }
        let process: TestProcess
        do {
            defer { close(ends[1]) }
            process = try TestProcess(starting: path, arguments, output: ends[1])
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count > 0 { output += buffer[..<count] } else if count == 0 || errno != EINTR { break }
        }
        return (process.wait(), String(decoding: output, as: UTF8.self))
    }

    private let identifier: pid_t
    private var status: Int32?

    /// Starts a program that goes on beside the test, with its outputs thrown away.
    package convenience init(starting path: String, _ arguments: [String]) throws {
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(null) }
        try self.init(starting: path, arguments, output: null)
    }

    private convenience init(starting path: String, _ arguments: [String], output: Int32) throws {
        try self.init(
            starting: path, arguments, folder: "/", input: .file("/dev/null"), output: .descriptor(output),
            errors: .descriptor(output))
    }

    /// Where one of a program's three streams leads.
    package enum Stream {
        /// A file: read from its beginning, or appended to.
        case file(String)
        case descriptor(Int32)
    }

    /// Starts a program in a folder, with a file or a descriptor for each stream and no other descriptor of ours: one
    /// that a long-lived program inherits by chance keeps somebody else waiting for its end.
    package init(
        starting path: String, _ arguments: [String], folder: String, input: Stream, output: Stream, errors: Stream
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in zip(Int32(0)..., [input, output, errors]) {
            let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
            switch stream {
            case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, flags, 0o600)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            }
        }
        guard let changeFolder = Self.changeFolder, let closeFrom = Self.closeFrom else {
            throw TestSupportFault("This C library cannot start programs without our descriptors.")
        }
        _ = changeFolder(&actions, folder)
        _ = closeFrom(&actions, 3)
        // A program begins with no signal blocked and none ignored, whatever this process has set.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var pipeSignal = sigset_t()
        sigemptyset(&none)
        sigemptyset(&pipeSignal)
        sigaddset(&pipeSignal, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &pipeSignal)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var identifier = pid_t()
        let outcome = DescriptorInheritance.whileNothingIsAccepted {
            posix_spawn(&identifier, path, &actions, &attributes, &words, environ)
        }
        guard outcome == 0 else { throw TestSupportFault("\(path) does not start: errno \(outcome).") }
        self.identifier = identifier
    }

    deinit {
        stop()
    }

    /// glibc's `posix_spawn_file_actions_addchdir_np` and `…_addclosefrom_np`, which its header hides from Swift.
    private static let changeFolder = function(
        "posix_spawn_file_actions_addchdir_np",
        as: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32).self)
    private static let closeFrom = function(
        "posix_spawn_file_actions_addclosefrom_np",
        as: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self)

    private static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
        dlsym(nil, name).map { unsafeBitCast($0, to: type) }
    }

    /// Ends the program with a signal and waits for it; its exit status as `wait` gives it.
    @discardableResult
    package func stop(with signal: Int32 = SIGTERM) -> Int32 {
        if let status { return status }
        kill(identifier, signal)
        return wait()
    }

    /// Sends a signal and does not wait.
    package func signal(_ signal: Int32) {
        if status == nil { kill(identifier, signal) }
    }

    /// What the program's threads are called, cut by the system at fifteen bytes.
    package var threadNames: [String] {
        let tasks = "/proc/\(identifier)/task"
        return ((try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []).compactMap { task in
            try? String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8).trimmingCharacters(in: .newlines)
        }
    }

    /// Whether the program has not ended yet.
    package var isRunning: Bool {
        guard status == nil else { return false }
        var information = siginfo_t()
        let flags = WEXITED | WNOHANG | WNOWAIT
        return waitid(P_PID, id_t(identifier), &information, flags) == 0 && information.si_signo == 0
    }

    /// Waits for the end; the exit status, or 128 and the signal's number.
    @discardableResult
    package func wait() -> Int32 {
        if let status { return status }
        var word: Int32 = 0
        while waitpid(identifier, &word, 0) == -1, errno == EINTR {}
        let signal = word & 0x7F
        let status = signal == 0 ? (word >> 8) & 0xFF : 128 + signal
        self.status = status
        return status
    }
}

/// What a test program could not do.
package struct TestSupportFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
