extension Timestamp {
    /// The `date-time` of RFC 5322 §3.3, such as `Wed, 11 Feb 2026 08:01:47 +0000`; fractions are cut.
    ///
    /// `offsetMinutes` is the zone east of UTC in which the date is written.
    package func rfc5322(offsetMinutes: Int = 0) -> String {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let (date, secondOfDay, _) = civil(offsetMinutes: offsetMinutes)
        let distance = Int64(offsetMinutes.magnitude)
        let zone = (offsetMinutes < 0 ? "-" : "+") + Self.padded(distance / 60, 2) + Self.padded(distance % 60, 2)
        let day = Self.padded(Int64(date.day), 2) + " " + months[date.month - 1] + " " + Self.padded(date.year, 4)
        return days[date.weekday] + ", " + day + " " + Self.clock(secondOfDay) + " " + zone
    }
}
