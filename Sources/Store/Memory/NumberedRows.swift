/// Rows in the order of their numbers, numbered from 1 and never twice with the same number.
struct NumberedRows<Row> {
    private(set) var rows: [(id: Int64, row: Row)] = []
    private var last: Int64 = 0

    /// How many rows there are.
    var count: Int { rows.count }

    /// Adds a row behind all others.
    /// - Returns: its number.
    @discardableResult
    mutating func append(_ row: Row) -> Int64 {
        last += 1
        rows.append((last, row))
        return last
    }

    /// The row with this number. Setting replaces an existing row; a number that is not there is ignored.
    subscript(id: Int64) -> Row? {
        get {
            let index = lowerBound(id)
            return index < rows.count && rows[index].id == id ? rows[index].row : nil
        }
        set {
            let index = lowerBound(id)
            guard let newValue, index < rows.count, rows[index].id == id else { return }
            rows[index].row = newValue
        }
    }

    /// The rows numbered below `before`, or all.
    func prefix(before: Int64?) -> ArraySlice<(id: Int64, row: Row)> {
        guard let before else { return rows[...] }
        return rows[..<lowerBound(before)]
    }

    /// Removes the rows with these numbers.
    mutating func remove(_ ids: Set<Int64>) {
        guard !ids.isEmpty else { return }
        rows.removeAll { ids.contains($0.id) }
    }

    /// The first index whose number is not below `id`.
    private func lowerBound(_ id: Int64) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = low + (high - low) / 2
            if rows[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
