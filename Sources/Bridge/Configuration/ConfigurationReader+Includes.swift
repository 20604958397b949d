import Expressions
import Glibc
import Rules

/// `include:`, files with more rules and what they refer to.
extension ConfigurationReader {
    /// The most paths and patterns.
    private static let patternsMax = 20
    /// The most files that they may lead to.
    private static let includedFilesMax = 200
    /// The most bytes of all included files together.
    private static let includedBytesMax = 16 << 20

    /// The files to include, in the order of the list; those of a pattern by their names' bytes, each once.
    func included(_ file: MappingReader) -> [SourceText] {
        guard let node = file.value("include") else { return [] }
        var places: [(path: String, item: YAMLNode)] = []
        for item in values.items(node, "'include'", countMax: Self.patternsMax) {
            guard let written = values.text(item, "'include'", bytesMax: 4_096) else { continue }
            for path in paths(written, at: item) where !places.contains(where: { $0.path == path }) {
                places.append((path, item))
            }
        }
        guard places.count <= Self.includedFilesMax else {
            sink.error(at: node.range, "'include' leads to more than \(Self.includedFilesMax) files")
            return []
        }
        var texts: [SourceText] = []
        var bytes = 0
        for (path, item) in places {
            switch files(path) {
            case .failure(let fault): sink.error(at: item.range, "the included file \(path) \(fault.words)")
            case .success(let content):
                bytes += content.bytes.count
                guard let text = String(validating: content.bytes, as: UTF8.self) else {
                    sink.error(at: item.range, "the included file \(path) is not UTF-8", hint: "save it in UTF-8")
                    continue
                }
                texts.append(SourceText(file: path, text: text))
            }
        }
        guard bytes <= Self.includedBytesMax else {
            sink.error(
                at: node.range, "the included files hold more than \(Self.includedBytesMax >> 20) MiB together")
            return []
        }
        return texts
    }

    /// The path that is written, or those that a pattern in its last part stands for; never the configuration itself.
    private func paths(_ written: String, at item: YAMLNode) -> [String] {
        let slash = written.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(written[...$0]) } ?? ""
        let name = slash.map { String(written[written.utf8.index(after: $0)...]) } ?? written
        guard !Self.isPattern(folder) else {
            sink.error(
                at: item.range, "only the last part of an included path can be a pattern",
                hint: "name each folder, as in `include: [rules/*.yaml, teams/*.yaml]`")
            return []
        }
        let base = resolved(folder)
        guard Self.isPattern(name) else {
            guard base + name != sink.source.file else {
                sink.error(at: item.range, "the file includes itself")
                return []
            }
            return [base + name]
        }
        let path = base.isEmpty ? "." : base == "/" ? base : String(base.dropLast())
        switch folders(path) {
        case .failure(let fault):
            sink.error(at: item.range, "the folder \(path) \(fault.words)")
            return []
        case .success(let names):
            // A name that begins with a dot is hidden, and an editor's or Kubernetes' own.
            let found = names.filter { fnmatch(name, $0, FNM_PERIOD) == 0 }.map { base + $0 }
                .filter { $0 != sink.source.file }
            if found.isEmpty {
                sink.warning(at: item.range, "no file fits '\(written)'", hint: "nothing is included by it")
            }
            return found
        }
    }

    private static func isPattern(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
    }
}
