import ArgumentParser
import Bridge
import Logging
import Store

/// Opens what a configuration names and explains what stands in the way.
enum BridgeOpening {
    /// The parts of a bridge; says what is wrong and throws an exit code.
    ///
    /// - Parameter log: is told where a refresh token cannot be kept.
    static func parts(_ configuration: Configuration, log: Logger? = nil) throws -> Bridge.Parts {
        do {
            return try configuration.openParts(log: log)
        } catch let error as StoreError {
            throw StoreOption.explain(error, path: configuration.storePath)
        } catch {
            Terminal.err("\(error)")
            throw ExitCode.badConfiguration
        }
    }

    /// What ended a running bridge.
    static func explain(_ error: any Error, _ configuration: Configuration) -> ExitCode {
        if let error = error as? StoreError { return StoreOption.explain(error, path: configuration.storePath) }
        if let fault = error as? ListenFault {
            Terminal.err("\(fault)\nhint: \(fault.hint)")
        } else {
            Terminal.err("The server ended: \(error)")
        }
        return .unavailable
    }
}
