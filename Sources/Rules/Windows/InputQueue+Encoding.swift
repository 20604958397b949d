/// How a queue is kept: the buckets, then the entries, each as its distance from the one before, the first as its age.
extension InputQueue {
    /// How the number of an entry is kept.
    enum NumberForm {
        /// Not at all.
        case none
        /// 0 or 1, as the lowest bit of the distance.
        case bit
        /// As eight bytes.
        case number
    }

    /// Appends what `decode` reads. Nothing in the queue is after `now`.
    func encode(into bytes: inout [UInt8], now: Int64, _ form: NumberForm) {
        bytes.appendUnsigned(UInt64(bucketCount))
        if bucketCount > 0 {
            bytes.appendUnsigned(UInt64(now - frontier))
            bytes.appendSigned(origin)
            var last = now
            for position in 0..<bucketCount {
                let bucket = bucket(position)
                bytes.appendSigned(bucket.start - last)
                last = bucket.start
                bucket.encode(into: &bytes)
            }
        } else {
            bytes.appendSigned(origin)
        }
        bytes.appendUnsigned(UInt64(entries.count))
        var last = now
        for index in 0..<entries.count {
            let instant = entries.instant(index)
            let distance = UInt64(index == 0 ? now - instant : instant - last)
            last = instant
            switch form {
            case .none: bytes.appendUnsigned(distance)
            case .bit: bytes.appendUnsigned(distance << 1 | (entries.number(index) == 0 ? 0 : 1))
            case .number:
                bytes.appendUnsigned(distance)
                bytes.appendNumber(entries.number(index))
            }
        }
    }

    /// Reads what `encode` wrote into this empty queue; false for what it cannot have written: disorder, instants after
    /// `now` or not within `span` microseconds before it, more than `entriesMax` entries, numbers that are none.
    mutating func decode(
        _ reader: inout RowReader, now: Int64, span: Int64, entriesMax: Int, _ form: NumberForm
    ) -> Bool {
        guard let bucketsCount = reader.count(ofSize: 2), bucketsCount <= span / grain + 2 else { return false }
        if bucketsCount > 0 {
            guard let age = reader.unsigned(), age <= UInt64(span) else { return false }
            frontier = now - Int64(age)
        }
        guard let origin = reader.signed(), abs(Double(origin)) < Double(grain) else { return false }
        self.origin = origin
        var last = now - span
        for _ in 0..<bucketsCount {
            guard let step = reader.signed(), step.magnitude <= UInt64(span) else { return false }
            let start = (bucketCount == 0 ? now : last) + step
            guard start > last, start <= frontier, grainStart(start) == start,
                let bucket = Bucket(start: start, reading: &reader)
            else { return false }
            last = start
            append(bucket)
        }
        return decodeEntries(&reader, now: now, span: span, entriesMax: entriesMax, form)
    }

    private mutating func decodeEntries(
        _ reader: inout RowReader, now: Int64, span: Int64, entriesMax: Int, _ form: NumberForm
    ) -> Bool {
        guard let count = reader.count(), count <= entriesMax else { return false }
        var last = now - span
        for index in 0..<count {
            guard var distance = reader.unsigned() else { return false }
            var number = 0.0
            switch form {
            case .none: break
            case .bit:
                number = Double(distance & 1)
                distance >>= 1
            case .number:
                guard let read = reader.number(), read.magnitude <= WindowShape.magnitudeMax else { return false }
                number = read
            }
            guard distance <= UInt64(span) else { return false }
            let instant = index == 0 ? now - Int64(distance) : last + Int64(distance)
            // The first must be inside the window; the others are not before it.
            guard index == 0 ? instant > last : true, instant <= now else { return false }
            guard bucketCount == 0 || instant >= frontier else { return false }
            last = instant
            entries.insert(number, at: instant)
        }
        return true
    }
}
