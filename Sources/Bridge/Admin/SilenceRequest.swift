package import Events
import Expressions
package import Rules
package import Store

/// A silence that somebody asks for, before it has an id.
package struct SilenceRequest: Sendable, Equatable {
    package let condition: String
    package let until: Timestamp
    package let author: String
    package let reason: String
    /// The one address whose mails are held back, or `nil` for those of everybody.
    package let recipient: String?

    package init(
        condition: String, until: Timestamp, author: String, reason: String, recipient: String? = nil
    ) {
        self.condition = condition
        self.until = until
        self.author = author
        self.reason = reason
        self.recipient = recipient
    }

    /// Reads what `json` gave; `nil` when a member is missing or of another kind.
    init?(json: JSONValue) {
        guard let condition = json["condition"]?.string, let author = json["author"]?.string,
            let until = json["until"]?.string.flatMap({ Timestamp(rfc3339: $0) }), let reason = json["reason"]?.string
        else { return nil }
        // Whoever is not understood must not silence everybody.
        if let recipient = json["recipient"], recipient != .null, recipient.string == nil { return nil }
        self.init(
            condition: condition, until: until, author: author, reason: reason,
            recipient: json["recipient"]?.string)
    }

    /// As the admin API takes it.
    package var json: JSONValue {
        var object = JSONObject()
        object["condition"] = .string(condition)
        object["until"] = .string(until.rfc3339)
        object["author"] = .string(author)
        object["reason"] = .string(reason)
        object["recipient"] = recipient.map { .string($0) }
        return .object(object)
    }

    /// The silence, or what is wrong with it.
    package func silence(id: String = "new", at now: Timestamp) throws(SilenceFault) -> Silence {
        try Silence.make(
            id: id, condition: condition, until: until, author: author, reason: reason,
            recipient: recipient, at: now)
    }
}

extension StoreReading {
    /// The silences in force: those of the last snapshot, and what the log says of them since.
    package func silences(at now: Timestamp) async throws(StoreError) -> Silences {
        let state = try await evaluatorState()
        var silences = Silences(rows: state.rows)
        for logged in try await silenceChanges(after: state.snapshot) {
            if case .clockStep(let step) = logged.effect { silences.shift(by: step) }
            _ = silences.expire(at: logged.at)
            if case .action(let action) = logged.effect { _ = silences.apply(action) }
        }
        _ = silences.expire(at: now)
        return silences
    }
}

extension Store {
    /// Writes a new silence into the log, before every event that is accepted after this. Throws `.notAllowed` where
    /// there are too many or something is wrong with it.
    package func add(_ request: SilenceRequest, now: Timestamp) async throws(StoreError) -> Silence {
        let active = try await silences(at: now)
        let isForOne = request.recipient != nil
        guard active.hasRoom(isForOne: isForOne) else {
            let kind = isForOne ? "for single recipients" : "for everybody"
            throw .notAllowed("there are \(Silences.countMax(isForOne: isForOne)) silences \(kind); remove some first")
        }
        var id = SilenceID.random()
        while active[id] != nil { id = SilenceID.random() }
        let silence: Silence
        do throws(SilenceFault) {
            silence = try request.silence(id: id, at: now)
        } catch {
            switch error {
            case .condition(let found): throw .notAllowed(found.all.first?.message ?? "the condition is faulty")
            case .malformed(let reason): throw .notAllowed(reason)
            }
        }
        try await append(.operatorAction(.silenceAdded(silence)), at: now)
        return silence
    }

    /// Writes the end of a silence into the log. Throws `.notFound` where none of that id is in force.
    package func endSilence(_ id: String, now: Timestamp) async throws(StoreError) -> Silence {
        guard let silence = try await silences(at: now).all.first(where: { $0.id == id }) else { throw .notFound }
        try await append(.operatorAction(.silenceEnded(id: id)), at: now)
        return silence
    }
}

/// How silences are called: short enough to be typed, without letters that look like others.
enum SilenceID {
    private static let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")

    static func random() -> String {
        String((0..<6).compactMap { _ in letters.randomElement() })
    }
}
