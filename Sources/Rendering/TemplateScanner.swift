/// Reads the part of Mustache that templates may use: variables, sections, inverted sections, partials and comments.
/// Set delimiters, pragmas, lambdas, transforms, dynamic partials and inheritance are refused: they can reach what no
/// mail needs, and some of them end the process when they are misused.
struct TemplateScanner {
    enum Kind: Equatable {
        case variable, section, invertedSection, end, partial
    }

    struct Tag: Equatable {
        let kind: Kind
        let name: String
        let line: Int
        let column: Int
    }

    /// The longest template in Unicode scalars.
    static let scalarsMax = 65_536
    /// The deepest nesting of sections.
    static let depthMax = 16

    private let template: String
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private var line = 1
    private var column = 1
    private var tags: [Tag] = []
    private var faults: [TemplateFault] = []

    /// The tags of `text` in order, and what is wrong with it: either all tags are well-formed and nested, or there
    /// are faults.
    static func scan(_ text: String, template: String) -> (tags: [Tag], faults: [TemplateFault]) {
        var scanner = TemplateScanner(template: template, scalars: Array(text.unicodeScalars.prefix(scalarsMax + 1)))
        guard scanner.scalars.count <= scalarsMax else {
            scanner.report("the template has more than \(scalarsMax) characters")
            return ([], scanner.faults)
        }
        scanner.scan()
        scanner.checkNesting()
        return (scanner.tags, scanner.faults)
    }

    private init(template: String, scalars: [Unicode.Scalar]) {
        self.template = template
        self.scalars = scalars
    }

    private mutating func scan() {
        while offset < scalars.count {
            if at(offset, "{{") { scanTag() } else { advance(1) }
        }
    }

    private func at(_ offset: Int, _ text: String) -> Bool {
        scalars[offset...].starts(with: text.unicodeScalars)
    }

    private mutating func advance(_ count: Int) {
        for _ in 0..<count where offset < scalars.count {
            if scalars[offset] == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
            offset += 1
        }
    }

    private mutating func report(_ message: String, hint: String? = nil) {
        faults.append(TemplateFault(template, line: line, column: column, message, hint: hint))
    }

    private mutating func scanTag() {
        let isTriple = at(offset, "{{{")
        let isComment = at(offset, "{{!")
        let closing = isTriple ? "}}}" : "}}"
        let contentStart = offset + (isTriple ? 3 : 2)
        var end = contentStart
        while end < scalars.count, !at(end, closing), isComment || scalars[end] != "\n" { end += 1 }
        guard end < scalars.count, at(end, closing) else {
            report("this tag has no end", hint: "close it with \(closing)")
            advance(isComment ? scalars.count - offset : 2)
            return
        }
        if !isComment { addTag(Array(scalars[contentStart..<end]), isTriple: isTriple) }
        advance(end + closing.unicodeScalars.count - offset)
    }

    private mutating func addTag(_ content: [Unicode.Scalar], isTriple: Bool) {
        var name = content[...]
        var kind = Kind.variable
        if !isTriple, let mark = name.first, let marked = Self.kind(of: mark) {
            kind = marked
            name.removeFirst()
        } else if !isTriple, let mark = name.first, "=%<$*@?+~".unicodeScalars.contains(mark) {
            report(
                "tags beginning with `\(mark)` are not supported",
                hint: "templates use {{name}}, {{#name}}, {{^name}}, {{/name}}, {{>part}} and {{! comments }}")
            return
        }
        while name.first == " " { name.removeFirst() }
        while name.last == " " { name.removeLast() }
        let text = String(String.UnicodeScalarView(name))
        guard Self.isName(text, isPartial: kind == .partial) else {
            report(
                "`\(EventText.line(text, scalarsMax: 40) ?? "")` is no name", hint: "names are letters, digits and _")
            return
        }
        tags.append(Tag(kind: kind, name: text, line: line, column: column))
    }

    private static func kind(of mark: Unicode.Scalar) -> Kind? {
        switch mark {
        case "#": .section
        case "^": .invertedSection
        case "/": .end
        case ">": .partial
        case "&": .variable
        default: nil
        }
    }

    private static func isName(_ text: String, isPartial: Bool) -> Bool {
        if text == "." { return !isPartial }
        return !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || (0x30...0x39).contains(byte)
                    || byte == UInt8(ascii: "_")
                    || (isPartial && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")))
            }
    }

    private mutating func checkNesting() {
        var open: [Tag] = []
        for tag in tags {
            switch tag.kind {
            case .section, .invertedSection:
                open.append(tag)
                if open.count == Self.depthMax + 1 { report(tag, "sections are nested deeper than \(Self.depthMax)") }
            case .end:
                guard let start = open.popLast() else {
                    report(tag, "no section `\(tag.name)` is open here")
                    continue
                }
                if start.name != tag.name {
                    report(tag, "this closes `\(tag.name)`, but `\(start.name)` of line \(start.line) is open")
                }
            case .variable, .partial: break
            }
        }
        for tag in open { report(tag, "the section `\(tag.name)` is never closed", hint: "add {{/\(tag.name)}}") }
    }

    private mutating func report(_ tag: Tag, _ message: String, hint: String? = nil) {
        faults.append(TemplateFault(template, line: tag.line, column: tag.column, message, hint: hint))
    }
}
