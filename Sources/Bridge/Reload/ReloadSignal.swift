import ServiceLifecycle
import UnixSignals

/// Asks for a reload at every signal, SIGHUP by custom.
struct ReloadSignal: Service {
    let reloader: Reloader
    let signals: [UnixSignal]

    /// Listens until a graceful shutdown.
    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: signals).cancelOnGracefulShutdown() {
            _ = await reloader.reload(.signal)
        }
    }
}
