package import Events
import Expressions

extension ValueReader {
    /// A schedule such as `daily at 09:00 Europe/Berlin`.
    package func schedule(_ node: YAMLNode, _ name: String, zones: ZoneDirectory = .system) -> Schedule? {
        guard let scalar = scalar(node, name) else { return nil }
        do throws(CalendarFault) {
            let schedule = try Schedule.read(scalar.text, zones: zones)
            warn(of: schedule.zone, scalar)
            return schedule
        } catch {
            report(error, scalar, name)
            return nil
        }
    }

    /// Spans of time such as `22:00-07:00 Europe/Berlin`, one or a list.
    package func timeSpans(_ node: YAMLNode, _ name: String, zones: ZoneDirectory = .system) -> TimeSpans? {
        let errors = sink.errorCount
        var spans: [TimeSpans.Span] = []
        for item in sink.source.joiningCommas(items(node, name, countMax: TimeSpans.spansMax)) {
            guard let scalar = scalar(item, name) else { continue }
            do throws(CalendarFault) {
                let span = try TimeSpans.span(scalar.text, zones)
                warn(of: span.zone, scalar)
                spans.append(span)
            } catch {
                report(error, scalar, name)
            }
        }
        return sink.errorCount == errors && !spans.isEmpty ? TimeSpans(spans: spans) : nil
    }

    /// A time zone such as `Europe/Berlin`, alone.
    package func zone(_ node: YAMLNode, _ name: String, zones: ZoneDirectory = .system) -> CivilZone? {
        guard let scalar = scalar(node, name) else { return nil }
        do throws(CalendarFault) {
            var words = CalendarText(scalar.text)
            let zone = try words.zone(in: zones, example: "Europe/Berlin")
            warn(of: zone, scalar)
            return zone
        } catch {
            report(error, scalar, name)
            return nil
        }
    }

    private func report(_ fault: CalendarFault, _ scalar: YAMLScalar, _ name: String) {
        sink.error(
            at: scalar.range(ofScalar: fault.scalarOffset, length: fault.scalarLength, in: sink.source),
            "\(name): \(fault.message)", hint: fault.hint)
    }

    private func warn(of zone: CivilZone?, _ scalar: YAMLScalar) {
        guard let zone, let meant = ZoneFault.winterOnly[zone.name] else { return }
        let before = scalar.text.unicodeScalars.count - zone.name.unicodeScalars.count
        sink.warning(
            at: scalar.range(ofScalar: before, length: zone.name.unicodeScalars.count, in: sink.source),
            "the clocks of \(zone.name) have no summer time",
            hint: "\(meant) has; write a fixed offset such as -05:00 if none is meant")
    }
}
