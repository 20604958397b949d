import Mail
import Store

extension Reply {
    /// A reply that may lead to this step; `nil` for an attempt that did not take place.
    static func fitting(_ next: Settlement.Next) -> Reply? {
        switch next {
        case .accepted: Reply(classification: .accepted, code: 250, enhancedCode: "2.0.0", text: "250 2.0.0 queued")
        case .retry: Reply(classification: .transient, code: 451, enhancedCode: "4.3.0", text: "451 4.3.0 later")
        case .hold: Reply(classification: .configuration, code: 535, text: "535 bad password")
        case .dead: Reply(classification: .permanent, code: 550, enhancedCode: "5.7.1", text: "550 5.7.1 no")
        case .release: nil
        }
    }
}
