import Glibc

/// The time that processors have spent on this process, in it and for it in the kernel.
struct ProcessorTime {
    /// Whole microseconds.
    let microseconds: Int

    /// What has been spent until now.
    static var now: ProcessorTime {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return ProcessorTime(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)
    }

    static func - (end: ProcessorTime, start: ProcessorTime) -> ProcessorTime {
        ProcessorTime(microseconds: end.microseconds - start.microseconds)
    }
}
