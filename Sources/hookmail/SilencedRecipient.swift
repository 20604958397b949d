import ArgumentParser
import Expressions
import Mail
import Rules
import Transports

/// The one address that a silence is for, as somebody wrote it.
struct SilencedRecipient {
    /// In the spelling that the configuration gives addresses: the domain in lower case and ASCII.
    let address: String

    /// Complains, and throws an exit code, where `text` is no address that a rule tells: such a silence would hold
    /// nothing back.
    init(_ text: String, of ruleSet: RuleSet) throws {
        do throws(AddressFault) {
            address = try Address(parsing: InternationalAddress.wireForm(ofAddress: text)).description
        } catch {
            let behind = ruleSet.addresses(ofRecipient: text)
            Terminal.err(
                behind == nil
                    ? "--recipient is no mail address: \(error.reason.rawValue)."
                    : "--recipient takes one address, and '\(FactTable.plain(text))' is a name under `recipients:`.\n"
                        + "hint: behind it is \(Self.list(behind ?? [])).")
            throw ExitCode.usage
        }
        let told = ruleSet.toldAddresses
        guard told.contains(address) else {
            let near = Suggestion.nearest(to: address, among: told.sorted())
            Terminal.err(
                "This would hold nothing back: no rule tells that address.\nhint: "
                    + (near.map { "did you mean \($0)?" } ?? "rules tell \(Self.list(told.sorted()))."))
            throw ExitCode.badInput
        }
    }

    private static func list(_ addresses: [String]) -> String {
        addresses.prefix(8).joined(separator: ", ")
            + (addresses.count > 8 ? " and \(addresses.count - 8) more" : "")
    }
}
