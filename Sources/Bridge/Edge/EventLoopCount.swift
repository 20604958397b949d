import Glibc
import NIOCore

/// How many event loops the listeners share.
package enum EventLoopCount {
    /// Asks for one loop for every two cores, before the first loop is made, unless the environment says otherwise
    /// (`NIO_SINGLETON_GROUP_LOOP_COUNT`, which is NIO's own).
    ///
    /// The store's writer, the evaluator and the couriers need cores too, and every request waits for the writer. With
    /// a loop for every core the writer waited for one of them more than a third of its time (`Benchmarks/README.md`).
    package static func apply() {
        setenv("NIO_SINGLETON_GROUP_LOOP_COUNT", String(count(cores: System.coreCount)), 0)
    }

    /// The loops for so many cores.
    static func count(cores: Int) -> Int { max(1, cores / 2) }
}
