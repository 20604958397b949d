import Events

/// Where the log of one event that a mail names stands on its platform (`log_url`). Found after the decision and before
/// its commit, as content is: no decision depends on it.
package struct ExampleLog: Sendable, Equatable {
    /// The store's number of the event.
    package let event: Int64
    /// The address, as `log_url` and the event's facts give it.
    package let address: String

    package init(event: Int64, address: String) {
        self.event = event
        self.address = address
    }

    /// The address without its percent-encoding (RFC 3986 §2.1), for a look at the facts in it.
    var decodedAddress: String {
        var bytes: [UInt8] = []
        var rest = Array(address.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The most bytes of all addresses of a notification in their stored form.
    package static let bytesMax = 8 << 10
}

extension Notification {
    /// The events that the mail names beside its own: the newest of every line of a summary and of every cluster, and
    /// the newest one of a decision that was made by time. Each once.
    package var exampleEvents: [Int64] {
        var events: [Int64] = []
        let named =
            (figures.facts == Facts.none ? [figures.event] : []) + (figures.summary?.lines.map(\.event) ?? [])
            + (figures.breakdown?.clusters.map { $0.event } ?? [])
        for event in named.compactMap({ $0 }) where !events.contains(event) { events.append(event) }
        return events
    }

    /// The same notification with the addresses of its examples' logs: as many as there is room for, in their order.
    package func linking(_ logs: [ExampleLog]) -> Notification {
        var copy = self
        let room = min(ExampleLog.bytesMax, Self.encodedBytesMax - encoded().count - ExampleLog.frameBytes)
        var bytes = 0
        for log in logs {
            bytes += log.json.encoded().count + 1
            guard bytes <= room else { break }
            copy.figures.logs.append(log)
        }
        return copy
    }
}

/// The stored form: a pair in a list of the notification.
extension ExampleLog {
    /// What the list takes beside its pairs, in bytes.
    fileprivate static let frameBytes = 32

    var json: JSONValue { .array([.int(event), .string(address)]) }

    init?(_ json: JSONValue) {
        guard let pair = json.array, pair.count == 2, let event = pair[0].int, let address = pair[1].string else {
            return nil
        }
        self.init(event: event, address: address)
    }
}
