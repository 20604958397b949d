extension ValueReader {
    /// True or false.
    package func flag(_ node: YAMLNode, _ name: String) -> Bool? {
        switch node.content {
        case .reported: return nil
        case .scalar(let scalar):
            if case .bool(let value) = scalar.resolved { return value }
        case .sequence, .mapping: break
        }
        sink.error(at: node.range, "\(name) must be true or false, not \(node.kind)")
        return nil
    }

    /// A finite number.
    ///
    /// - Parameter hint: How it is written, shown where there is none.
    package func number(_ node: YAMLNode, _ name: String, hint: String? = nil) -> Double? {
        if case .reported = node.content { return nil }
        if case .scalar(let scalar) = node.content {
            switch scalar.resolved {
            case .int(let value): return Double(value)
            case .double(let value) where value.isFinite: return value
            default: break
            }
        }
        sink.error(at: node.range, "\(name) must be a number, not \(node.kind)", hint: hint)
        return nil
    }

    /// A whole number.
    package func wholeNumber(_ node: YAMLNode, _ name: String, within range: ClosedRange<Int64>) -> Int64? {
        if case .reported = node.content { return nil }
        guard case .scalar(let scalar) = node.content, case .int(let value) = scalar.resolved else {
            sink.error(at: node.range, "\(name) must be a whole number, not \(node.kind)")
            return nil
        }
        guard range.contains(value) else {
            sink.error(at: node.range, "\(name) must be between \(range.lowerBound) and \(range.upperBound)")
            return nil
        }
        return value
    }
}
