import Bridge
import Events
import Glibc

/// A bar on a terminal that shows how far long work has come; nothing where nobody looks.
struct ProgressLine {
    private let total: Int
    private let isShown: Bool
    private var shownPercent = -1

    /// The characters of the bar.
    private static let width = 40

    /// - Parameter total: All there is to do, or `nil` where that is not known.
    init(total: Int?) {
        self.total = total ?? 0
        isShown = (total ?? 0) > 0 && isatty(STDERR_FILENO) == 1
    }

    /// Shows that `done` of it is done.
    mutating func show(_ done: Int) {
        guard isShown else { return }
        let percent = min(100, done * 100 / total)
        guard percent != shownPercent else { return }
        shownPercent = percent
        let filled = percent * Self.width / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        Terminal.status("\r\(bar) \(percent) %")
    }

    /// Takes the bar away.
    func clear() {
        if isShown, shownPercent >= 0 { Terminal.status("\r\u{1B}[K") }
    }
}
