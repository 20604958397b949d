import Rules
import Testing

@testable import Rendering

@Suite struct WithheldLineTests {
    /// Who has unsubscribed is for the operator to know, and not for the other readers.
    @Test func aMailDoesNotTellWhoHasUnsubscribed() {
        let silenced = Rules.Notification.Withheld(recipient: "b@example.com", reason: .silenced, silence: "abc234")
        let quiet = Rules.Notification.Withheld(recipient: "night", reason: .quiet)
        #expect(WithheldLine.text([silenced]) == nil)
        #expect(WithheldLine.text([silenced, quiet]) == "Not told now: night (quiet hours, a summary follows).")
    }
}
