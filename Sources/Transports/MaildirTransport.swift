package import Mail

/// Keeps messages in a folder in Maildir form (`maildir:./mail`), for trying things out and for local readers.
///
/// A message is written under `tmp/`, synced, renamed into `new/`, and the folder is synced: what stands in `new/` is
/// complete, and it is there after a power cut once the reply says so. The bytes are those a mail server would get,
/// CRLF line ends included. All of it runs on a thread of its own.
package final class MaildirTransport: MailTransport {
    package let connectionsMax = 1
    private let queue = WorkQueue<DeliveryJob>()
    private let threads = WorkerThreads()

    /// The folder is made, with `tmp/`, `new/` and `cur/` in it, when the first message comes.
    package init(folder: String) {
        let queue = queue
        let isRunning = threads.start {
            var maildir = MaildirFolder(path: folder)
            while case .job(let job) = queue.next(idleAfter: nil) {
                job.continuation.resume(returning: Self.deliver(job.message, to: &maildir))
            }
        }
        if !isRunning { _ = queue.close() }
    }

    deinit {
        _ = queue.close()
    }

    /// Writes the message; `accepted` means that it is on disk under its final name.
    package func send(_ message: Message) async -> Reply {
        await withCheckedContinuation { continuation in
            if !queue.push(DeliveryJob(message: message, continuation: continuation)) {
                continuation.resume(returning: DeliveryJob.notBegun)
            }
        }
    }

    /// Ends after the message under way: a write to a disk cannot be cut, and none takes long.
    package func shutdown(grace: Duration) async {
        for job in queue.close() {
            job.continuation.resume(returning: DeliveryJob.notBegun)
        }
        await threads.waitUntilEnded()
    }

    private static func deliver(_ message: Message, to maildir: inout MaildirFolder) -> Reply {
        if let fault = MessageInspection.fault(in: message) {
            return Reply(classification: .permanent, text: fault, reason: .transportFault)
        }
        do throws(MaildirFault) {
            let name = try maildir.deliver(message.bytes)
            return Reply(classification: .accepted, text: "Written to new/\(name)")
        } catch {
            return Reply(classification: error.classification, text: error.text, reason: .transportFault)
        }
    }
}
