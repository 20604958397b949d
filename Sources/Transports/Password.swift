/// A password or token that no description, dump or interpolation prints.
package struct Password: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself; only the code that hands it to libcurl reads it.
    let text: String

    /// Keeps `text` as it is given: cutting a trailing newline is the reader's work.
    package init(_ text: String) {
        self.text = text
    }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
