import Expressions
import Foundation
import Yams

/// Reads YAML text into our own tree. The only file that knows the YAML library.
///
/// The library composes; everything else is decided here, because it reads YAML 1.1 and trusts its input: what a
/// scalar means (`YAMLScalar.resolved`), how much an alias may unfold to, that there are no tags, and that every
/// repeated key is reported with its place.
package struct YAMLComposer {
    /// How deep mappings and lists may be nested.
    package static let depthMax = 64
    /// How many parts, which are keys, values, mappings and lists, a file may have once its aliases are unfolded, and
    /// beside them one for every `bytesPerPart` of its own: a small file cannot unfold to as much as a large one holds.
    package static let partsMax = 100_000
    /// Even terse rules take more than this for each of their parts.
    package static let bytesPerPart = 8
    /// How many bytes all scalars may hold once aliases are unfolded, beside as many as the file has itself.
    package static let scalarBytesMax = 2 << 20
    /// How many alias signs a file may hold while one of its keys looks like a collection or an alias: keys are hashed
    /// whole while the library composes, before the budget above can count.
    static let aliasesBesideComplexKeysMax = 8
    /// How many repeated keys are looked for.
    static let duplicatesMax = 10

    /// How many times as much as one file the text of a rule set may hold: all that a file includes is in it.
    static let ruleSetFiles = 5

    private let source: SourceText
    private let sink: DiagnosticSink
    /// How many files' worth the text may hold.
    private let files: Int
    private let visitsMax: Int
    private let scalarBytesMax: Int
    private var visits = 0
    private var scalarBytes = 0
    /// Where a repeated key was replaced, so that the rest of the file could be read.
    private var masked: Set<SourcePosition> = []
    private var overrun = false

    /// - Parameter sink: Takes what is wrong with the file as YAML.
    /// - Parameter files: How many times as much as one file it may hold.
    package static func compose(_ sink: DiagnosticSink, files: Int = 1) -> YAMLNode? {
        var composer = YAMLComposer(source: sink.source, sink: sink, files: files)
        return composer.compose()
    }

    private init(source: SourceText, sink: DiagnosticSink, files: Int) {
        self.files = files
        self.source = source
        self.sink = sink
        let bytes = source.text.utf8.count
        visitsMax = Self.partsMax * files + bytes / Self.bytesPerPart
        scalarBytesMax = Self.scalarBytesMax * files + bytes
    }

    private mutating func compose() -> YAMLNode? {
        guard source.text.utf8.count <= SourceText.bytesMax * files else {
            sink.error(at: .fileStart, "the file is larger than \(SourceText.bytesMax >> 20) MiB")
            return nil
        }
        if let place = source.aliasInComplexKey(aliasesMax: Self.aliasesBesideComplexKeysMax) {
            sink.error(at: SourceRange(place), "a key that is a collection or an alias is not supported")
            return nil
        }
        var text = source.text
        for round in 0...Self.duplicatesMax {
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                return node(root, depth: 1, key: nil)
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                let first = Self.position(context.mark)
                guard let repeated = mask(keyRepeatedFrom: first, round: round, in: &text) else { return nil }
                masked.insert(repeated)
            } catch let error as YamlError {
                sink.report(Self.fault(error, in: text))
                return nil
            } catch {
                sink.error(at: .fileStart, "the file could not be read as YAML")
                return nil
            }
        }
        return nil
    }

    private static func position(_ mark: Mark) -> SourcePosition {
        SourcePosition(line: mark.line, column: mark.column)
    }

    /// What the library found, in our words.
    private static func fault(_ error: YamlError, in text: String) -> YAMLFault {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            YAMLFault(
                problem: problem, position: position(mark), context: context?.text,
                contextPosition: context.map { position($0.mark) }
            )
        case .reader(let problem, let offset, _, _):
            YAMLFault(problem: problem, position: place(ofCharacter: offset ?? 0, in: text))
        default:
            YAMLFault(problem: "the file could not be read", position: SourcePosition(line: 1, column: 1))
        }
    }

    /// The place of the Swift character at `offset`, which is how the library counts where it cannot read at all.
    private static func place(ofCharacter offset: Int, in text: String) -> SourcePosition {
        let prefix = SourceText(file: "", text: String(text.prefix(offset)))
        return prefix.end
    }

    // MARK: Repeated keys

    /// Reports the key that stands at `first` and again further on, and replaces the repetition's first scalar by one
    /// for private use, so that the text can be composed once more and its other faults are found too.
    private func mask(keyRepeatedFrom first: SourcePosition, round: Int, in text: inout String) -> SourcePosition? {
        guard let key = source.key(at: first) else {
            sink.error(at: SourceRange(first), "a key stands twice in this mapping")
            return nil
        }
        guard let again = source.repetition(of: key, from: first, passingOver: masked) else {
            sink.error(at: SourceRange(first, length: key.count), "this key stands twice in its mapping")
            return nil
        }
        let repeated = source.key(at: again) ?? key
        let isQuoted = repeated.first == "\"" || repeated.first == "'"
        let name = SourceText.string(isQuoted ? repeated.dropFirst().dropLast() : repeated[...])
        sink.error(
            at: SourceRange(again, length: repeated.count), "the key '\(name)' stands twice",
            hint: "the first one is in line \(first.line); remove one of them"
        )
        guard !name.isEmpty, let mark = Unicode.Scalar(UInt32(0xE000 + round)) else { return nil }
        var place = again
        if isQuoted { place.column += 1 }
        text = SourceText(file: "", text: text).replacing(place, with: mark)
        return again
    }

    // MARK: The tree

    private mutating func node(_ node: Node, depth: Int, key: String?) -> YAMLNode? {
        let start = node.mark.map(Self.position) ?? SourcePosition(line: 1, column: 1)
        visits += 1
        guard visits <= visitsMax, scalarBytes <= scalarBytesMax else {
            if !overrun {
                sink.error(
                    at: SourceRange(start),
                    "the file unfolds to more than \(visitsMax) parts or \(scalarBytesMax >> 20) MiB of text",
                    hint: "write the values out instead of nesting aliases"
                )
            }
            overrun = true
            return nil
        }
        guard depth <= Self.depthMax else {
            sink.error(at: SourceRange(start), "nested deeper than \(Self.depthMax) levels")
            overrun = true
            return nil
        }
        let place = source.afterAnchor(at: start)
        if source.scalar(at: place) == "!" {
            sink.reportTag(at: place, key: key)
            return YAMLNode(content: .reported, range: SourceRange(place))
        }
        switch node {
        case .scalar(let scalar): return self.scalar(scalar, at: place)
        case .sequence(let sequence): return list(sequence, at: start, depth: depth, key: key)
        case .mapping(let mapping): return self.mapping(mapping, at: start, depth: depth, key: key)
        case .alias: return YAMLNode(content: .reported, range: SourceRange(start))
        }
    }

    private mutating func scalar(_ scalar: Node.Scalar, at start: SourcePosition) -> YAMLNode {
        scalarBytes += scalar.string.utf8.count
        let style: YAMLScalar.Style =
            switch scalar.style {
            case .any, .plain: .plain
            case .singleQuoted: .singleQuoted
            case .doubleQuoted: .doubleQuoted
            case .literal: .literal
            case .folded: .folded
            }
        let value = YAMLScalar(text: scalar.string, style: style, start: start)
        return YAMLNode(content: .scalar(value), range: value.extent(in: source))
    }

    private mutating func list(_ list: Node.Sequence, at start: SourcePosition, depth: Int, key: String?) -> YAMLNode? {
        var items: [YAMLNode] = []
        for item in list {
            guard let item = node(item, depth: depth + 1, key: key) else { return nil }
            items.append(item)
        }
        return YAMLNode(content: .sequence(items), range: SourceRange(start))
    }

    private mutating func mapping(
        _ mapping: Node.Mapping, at start: SourcePosition, depth: Int, key outerKey: String?
    ) -> YAMLNode? {
        var entries: [YAMLEntry] = []
        for (key, value) in mapping {
            guard let keyNode = node(key, depth: depth + 1, key: nil) else { return nil }
            let name: String? = if case .scalar(let scalar) = keyNode.content { scalar.text } else { nil }
            let context = outerKey == "let" ? "let" : name
            guard let valueNode = node(value, depth: depth + 1, key: context) else { return nil }
            guard let name else {
                if case .reported = keyNode.content { continue }
                sink.error(at: keyNode.range, "a key must be a text, not \(keyNode.kind)")
                continue
            }
            guard !masked.contains(keyNode.range.position) else { continue }
            entries.append(YAMLEntry(key: name, keyRange: keyNode.range, value: valueNode))
        }
        return YAMLNode(content: .mapping(entries), range: SourceRange(start))
    }
}
