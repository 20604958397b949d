import Expressions
import Rules

/// `operators` and `report` of `mail`: who is told of trouble with Hookmail itself.
extension ConfigurationReader {
    /// The value of `report` that turns the report off.
    static let noReport = "never"

    /// Reads the keys.
    func operators(_ mail: MappingReader) -> OperatorSettings {
        let reportEntry = mail.entry("report")
        guard let node = mail.value("operators") else {
            if let reportEntry {
                sink.warning(
                    at: reportEntry.keyRange, "'report' has no effect without 'operators'",
                    hint: "write `operators: ops@example.com`: who is to get it")
            }
            return .none
        }
        var settings = OperatorSettings()
        for item in values.items(node, "'operators'", countMax: OperatorSettings.addressesMax) {
            guard let scalar = values.scalar(item, "'operators'") else { continue }
            switch Self.address(scalar.text) {
            case .success(let address):
                if !settings.addresses.contains(address) { settings.addresses.append(address) }
            case .failure(let complaint):
                let names = "write addresses, such as ops@example.com: names under 'recipients' are for rules"
                sink.error(
                    at: scalar.range(ofScalar: complaint.scalarOffset, length: 1, in: sink.source), complaint.message,
                    hint: scalar.text.utf8.contains(UInt8(ascii: "@")) ? complaint.hint : names)
            }
        }
        settings.report = report(reportEntry?.value)
        return settings
    }

    private func report(_ node: YAMLNode?) -> Schedule? {
        guard let node else { return try? Schedule.read(OperatorSettings.standardReport) }
        if case .scalar(let scalar) = node.content, scalar.text == Self.noReport { return nil }
        return values.schedule(node, "'report'")
    }
}
