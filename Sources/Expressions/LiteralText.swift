internal import Events

/// Values as the expression that makes them.
enum LiteralText {
    /// A text between quotes with CEL's escapes; everything printable stands for itself.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{7}": result += "\\a"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{B}": result += "\\v"
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Bytes between quotes; everything that is not printable ASCII as octal digits.
    static func quoted(_ bytes: [UInt8]) -> String {
        var result = "b\""
        for byte in bytes {
            switch byte {
            case 0x22, 0x5C: result += "\\" + String(Unicode.Scalar(byte))
            case 0x20..<0x7F: result += String(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }
        }
        return result + "\""
    }

    /// A double that reads back as a double: `1.0`, not `1`.
    static func double(_ number: Double) -> String {
        if number.isNaN || number.isInfinite { return "double(\"\(NumberForm.shortest(number))\")" }
        return number.description
    }
}

extension Value {
    /// The value as an expression of the language would write it; `absent` for a field that is not there.
    package var celText: String {
        switch self {
        case .absent: "absent"
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): String(number) + "u"
        case .double(let number): LiteralText.double(number)
        case .string(let text): LiteralText.quoted(text)
        case .bytes(let bytes): LiteralText.quoted(bytes)
        case .list, .array: "[" + (elements ?? []).map(\.celText).joined(separator: ", ") + "]"
        case .map, .object:
            "{" + (entries ?? []).map { "\($0.key.celText): \($0.value.celText)" }.joined(separator: ", ") + "}"
        case .timestamp(let time): "timestamp(\"\(time.rfc3339)\")"
        case .duration(let duration): "duration(\"\(duration.text)\")"
        case .type(let type): type.rawValue
        }
    }
}
