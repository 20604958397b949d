/// How many mails a rule may send in how long: `1 per 15m`. The window slides; nothing is refilled at full hours.
package struct Throttle: Sendable, Equatable {
    /// The most mails a throttle may allow, because each is remembered for the window.
    package static let mailsMax = 10_000
    /// The spans a throttle may have.
    package static let windows: ClosedRange<Duration> = .seconds(1) ... .seconds(366 * 86_400)

    /// How many mails fit into the window, from 1 to `mailsMax`.
    package let mails: Int
    /// The span, within `windows`.
    package let window: Duration

    package init(mails: Int, window: Duration) {
        self.mails = mails
        self.window = window
    }

    /// The throttle as people write it, in one spelling.
    package var text: String { "\(mails) per \(window.written)" }

    /// Why a text is no throttle.
    enum Fault: Error {
        case form, mails, window
    }

    /// Reads `N per SPAN`.
    static func read(_ text: String) throws(Fault) -> Throttle {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 3, words[1] == "per" else { throw .form }
        guard words[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .form }
        guard let window = Duration(written: String(words[2])) else { throw .form }
        guard let mails = Int(words[0]), (1...mailsMax).contains(mails) else { throw .mails }
        guard windows.contains(window) else { throw .window }
        return Throttle(mails: mails, window: window)
    }
}

extension ValueReader {
    /// A throttle such as `1 per 15m`.
    package func throttle(_ node: YAMLNode, _ name: String) -> Throttle? {
        guard let scalar = scalar(node, name) else { return nil }
        do {
            return try Throttle.read(scalar.text)
        } catch {
            switch error {
            case .form:
                sink.error(
                    at: node.range, "\(name) is no throttle: '\(scalar.text)'",
                    hint: "write how many mails in how long, as in `1 per 15m` (units ms, s, m, h, d)"
                )
            case .mails:
                sink.error(at: node.range, "\(name) must allow between 1 and \(Throttle.mailsMax) mails")
            case .window:
                let windows = Throttle.windows
                sink.error(
                    at: node.range,
                    "\(name) must look back between \(windows.lowerBound.written) and \(windows.upperBound.written)"
                )
            }
            return nil
        }
    }
}
