import Foundation
import Mail
import TestSupport
import Testing

@testable import Transports

/// Mails in a folder: complete, private, and honest about faults.
@Suite(.timeLimit(.minutes(5)))
struct MaildirTests {
    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    private func mode(_ path: String) throws -> Int {
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        return mode?.intValue ?? 0
    }

    @Test func mailsAreKeptByteForByteUnderUniqueNames() async throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/deep/er/mail"
        let transport = MaildirTransport(folder: folder)
        let messages = try (0..<20).map { try TestMessages.message(body: "Number \($0).\r\n") }
        for message in messages {
            #expect(await transport.send(message).classification == .accepted)
        }
        await transport.shutdown(grace: .zero)
        let files = try names("\(folder)/new")
        #expect(files.count == 20)
        let contents = Set(
            files.compactMap { FileManager.default.contents(atPath: "\(folder)/new/\($0)").map(Array.init) })
        #expect(contents == Set(messages.map(\.bytes)))
        #expect(try names("\(folder)/tmp").isEmpty)
        #expect(try names("\(folder)/cur").isEmpty)
        for part in ["", "/tmp", "/new", "/cur"] { #expect(try mode(folder + part) == 0o700) }
        for file in files { #expect(try mode("\(folder)/new/\(file)") == 0o600) }
    }

    /// What a reader sees in `new/` at any moment is a complete mail.
    @Test func mailIsVisibleOnlyWhenComplete() async throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/mail"
        let transport = MaildirTransport(folder: folder)
        let message = try TestMessages.message(body: String(repeating: "0123456789\r\n", count: 100_000))
        let sending = Task {
            for _ in 0..<10 { _ = await transport.send(message) }
            await transport.shutdown(grace: .zero)
        }
        var seen = 0
        while seen < 10 {
            let files = (try? names("\(folder)/new")) ?? []
            for file in files {
                let size = try FileManager.default.attributesOfItem(atPath: "\(folder)/new/\(file)")[.size] as? NSNumber
                #expect(size?.intValue == message.bytes.count)
            }
            seen = files.count
            try await Task.sleep(for: .microseconds(500))
        }
        await sending.value
    }

    @Test func folderThatIsAFileIsConfiguration() async throws {
        let scratch = try ScratchFolder()
        let path = "\(scratch.path)/mail"
        try Data().write(to: URL(fileURLWithPath: path))
        let transport = MaildirTransport(folder: path)
        let reply = await transport.send(try TestMessages.message())
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(reply.text.contains(path))
        await transport.shutdown(grace: .zero)
    }

    @Test func fullDiskIsTheHosts() async throws {
        // /dev/full cannot hold a folder, so the fault is made by hand.
        errno = ENOSPC
        let fault = MaildirFault("write to", "/mail/tmp/x")
        #expect(fault.classification == .host)
        #expect(fault.text == "Cannot write to /mail/tmp/x: No space left on device.")
    }

    @Test func removedFolderIsMadeAgain() async throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/mail"
        let transport = MaildirTransport(folder: folder)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        try FileManager.default.removeItem(atPath: folder)
        #expect(try await transport.send(TestMessages.message()).classification == .transient)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        await transport.shutdown(grace: .zero)
        #expect(try await transport.send(TestMessages.message()).classification == .notAttempted)
    }

    @Test func unsafeTextIsRefused() async throws {
        let scratch = try ScratchFolder()
        let transport = MaildirTransport(folder: "\(scratch.path)/mail")
        #expect(try await transport.send(TestMessages.message(body: "bare\nLF\r\n")).classification == .permanent)
        await transport.shutdown(grace: .zero)
    }
}
