extension Function {
    /// The functions of the mathematics extension that work on the bits of whole numbers.
    static let bits: [Function] = [
        combination("math.bitAnd") { $0 & $1 }, combination("math.bitOr") { $0 | $1 },
        combination("math.bitXor") { $0 ^ $1 },
        Function(
            "math.bitNot", [([.int], .int), ([.uint], .uint)],
            .one { (value, _) throws(EvaluationFault) in
                switch value {
                case .int(let number): return .int(~number)
                case .uint(let number): return .uint(~number)
                default: throw mismatch("math.bitNot", value)
                }
            }),
        shift("math.bitShiftLeft") { $0 << $1 }, shift("math.bitShiftRight") { $0 >> $1 },
    ]

    /// A function of two numbers of one type, bit by bit.
    private static func combination(
        _ name: String, _ combine: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        Function(
            name, [([.int, .int], .int), ([.uint, .uint], .uint)],
            .two { (left, right, _) throws(EvaluationFault) in
                switch (left, right) {
                case (.int(let a), .int(let b)):
                    return .int(Int64(bitPattern: combine(UInt64(bitPattern: a), UInt64(bitPattern: b))))
                case (.uint(let a), .uint(let b)): return .uint(combine(a, b))
                default: throw mismatch(name, left, right)
                }
            })
    }

    /// A shift by a number of bits that is not negative; zeros come in from both sides, also for negative numbers, and
    /// nothing is left after 64 bits.
    private static func shift(_ name: String, _ move: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Function {
        Function(
            name, [([.int, .int], .int), ([.uint, .int], .uint)],
            .two { (value, bits, _) throws(EvaluationFault) in
                guard case .int(let count) = bits else { throw mismatch(name, value, bits) }
                switch value {
                case .int, .uint: break
                default: throw mismatch(name, value, bits)
                }
                guard let count = UInt64(exactly: count) else {
                    throw EvaluationFault(.argument, "\(name) got a negative number of bits")
                }
                switch value {
                case .int(let number): return .int(Int64(bitPattern: move(UInt64(bitPattern: number), count)))
                case .uint(let number): return .uint(move(number, count))
                default: throw mismatch(name, value, bits)
                }
            })
    }
}
