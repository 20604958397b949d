internal import Events

extension Function {
    /// The selectors of timestamps, with and without a zone, and of durations.
    ///
    /// A zone is a name of the zone database, such as `Europe/Berlin`, or a fixed offset such as `+02:00`.
    static let times: [Function] = [
        selector("getFullYear") { $0.date.year },
        selector("getMonth") { Int64($0.date.month) - 1 },
        selector("getDayOfMonth") { Int64($0.date.day) - 1 },
        selector("getDate") { Int64($0.date.day) },
        selector("getDayOfWeek") { Int64($0.date.weekday + 1) % 7 },
        selector("getDayOfYear") { parts in
            // In the east of UTC the last day of the range lies in the year 10000, which no CivilDate can be made of.
            let daysBefore = (1..<parts.date.month).map { CivilDate.days(inMonth: $0, of: parts.date.year) }
            return Int64(daysBefore.reduce(parts.date.day - 1, +))
        },
        selector("getHours", duration: 3_600_000_000_000) { $0.hour },
        selector("getMinutes", duration: 60_000_000_000) { $0.minute },
        selector("getSeconds", duration: 1_000_000_000) { $0.second },
        milliseconds,
    ].flatMap { $0 }

    /// A selector on timestamps. With `duration` it also counts how many times so many nanoseconds a duration holds.
    private static func selector(
        _ name: String, duration unit: Int128? = nil, _ part: @escaping @Sendable (TimeParts) -> Int64
    ) -> [Function] {
        let overloads: [([StaticType], StaticType)] =
            [([.timestamp], .int)] + (unit == nil ? [] : [([.duration], .int)])
        return [
            Function(
                name, isMethod: true, overloads,
                .one { (value, _) throws(EvaluationFault) in
                    switch value {
                    case .timestamp(let time): return .int(part(TimeParts(time, offsetSeconds: 0)))
                    case .duration(let duration):
                        guard let unit else { throw mismatch(name, value) }
                        return .int(Int64(truncatingIfNeeded: duration.totalNanoseconds / unit))
                    default: throw mismatch(name, value)
                    }
                }),
            zoned(name) { time, offset in part(TimeParts(time, offsetSeconds: offset)) },
        ]
    }

    /// `getMilliseconds` is the millisecond *part*, of durations too (langdef; conformance file timestamps).
    private static let milliseconds: [Function] = [
        Function(
            "getMilliseconds", isMethod: true, [([.timestamp], .int), ([.duration], .int)],
            .one { (value, _) throws(EvaluationFault) in
                switch value {
                case .timestamp(let time): return .int(Int64(time.nanoseconds) / 1_000_000)
                case .duration(let duration):
                    return .int(Int64(truncatingIfNeeded: duration.totalNanoseconds % 1_000_000_000 / 1_000_000))
                default: throw mismatch("getMilliseconds", value)
                }
            }
        ),
        zoned("getMilliseconds") { time, _ in Int64(time.nanoseconds) / 1_000_000 },
    ]

    private static func zoned(
        _ name: String, _ part: @escaping @Sendable (TimeValue, _ offsetSeconds: Int64) -> Int64
    ) -> Function {
        Function(
            name, isMethod: true, [([.timestamp, .string], .int)],
            .two { (value, zone, _) throws(EvaluationFault) in
                guard case .timestamp(let time) = value, case .string(let text) = zone else {
                    throw mismatch(name, value, zone)
                }
                guard let offset = Self.offsetSeconds(zone: text, at: time) else {
                    throw EvaluationFault(.argument, "\(name) got a time zone that is not known")
                }
                return .int(part(time, offset))
            })
    }

    /// The offset of a zone east of UTC at a time, in seconds; `nil` for what is no zone.
    private static func offsetSeconds(zone: String, at time: TimeValue) -> Int64? {
        // CEL takes offsets without a sign, too.
        if zone.utf8.contains(UInt8(ascii: ":")) {
            var reader = TimeReader(zone)
            guard let offset = reader.offsetSeconds(isSignRequired: false), reader.isAtEnd else { return nil }
            return offset
        }
        let known = try? ZoneDirectory.system.zone(named: zone)
        return known.map { Int64($0.offsetSeconds(at: Timestamp(seconds: time.seconds))) }
    }

    /// What is wrong with a text that is written as a zone, and what to do; `nil` where nothing is.
    static func complaint(ofZone zone: String) -> (message: String, hint: String)? {
        guard let epoch = TimeValue(seconds: 0), offsetSeconds(zone: zone, at: epoch) == nil else { return nil }
        do throws(ZoneFault) {
            _ = try ZoneDirectory.system.zone(named: zone)
            return nil
        } catch {
            return error.advice(about: zone, in: .system)
        }
    }
}
