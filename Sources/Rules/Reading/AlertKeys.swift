/// What stands beside a window in a rule: how an alert begins, goes on and ends.
struct AlertKeys {
    var samplesMin: Int?
    var holdFor: Duration = .zero
    var recover: Threshold?
    var keepFiringFor: Duration = .zero
    var noData: Window.NoData = .close
    var resolves = true
    var remind: Duration?
    var escalation: Window.Escalation?
    var clock: Window.Clock = .received

    /// The keys, in the order in which they are explained.
    static let names = [
        "min_samples", "for", "recover", "keep_firing_for", "no_data", "resolve", "remind", "escalate", "clock",
    ]

    /// The window with all of it.
    func applied(to window: Window) -> Window {
        var window = window
        window.samplesMin = samplesMin ?? window.kind.samplesMinStandard
        window.holdFor = holdFor
        window.recover = recover
        window.keepFiringFor = keepFiringFor
        window.noData = noData
        window.resolves = resolves
        window.remind = remind
        window.escalation = escalation
        window.clock = clock
        return window
    }
}
