import Testing

@testable import Rendering

/// Where the lines of a mail's text part are broken.
@Suite struct TextColumnTests {
    @Test(arguments: [
        ("one two three", ["one two", "three"]), ("abcdefghijkl", ["abcdefghij", "kl"]),
        // What ends in a colon would begin a line as a scheme, of which mail programs make links.
        ("12345678tel:+49", ["12345678", "tel:+49"]), ("<<<<<<<<hxxp://x", ["<<<<<<<<", "hxxp://x"]),
        ("is-clickedtel:1", ["is-", "clickedtel", ":1"]), ("abcdefghijklmn:x", ["abcdefghij", "klmn:x"]),
    ])
    func wordsAreBrokenAtSpacesAndNotWithinAScheme(text: String, lines: [String]) {
        #expect(TextColumn.wrapped(text, columns: 10) == lines)
    }
}
