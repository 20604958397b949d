import Events
import Foundation
import Rendering
import Testing

/// The page about templates names what there is, word for word.
struct TemplateDocumentationTests {
    private static let page: String = {
        let root = #filePath.components(separatedBy: "/Tests/RenderingTests/")[0]
        let path = root + "/Sources/Bridge/Documentation.docc/Templates.md"
        return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }()

    /// The cells of the table under a heading, without its head.
    private func rows(_ heading: String) -> [[String]] {
        let section = Self.page.components(separatedBy: "\n## \(heading)\n").dropFirst().first ?? ""
        let lines = section.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("| `") }
        return lines.map { line in
            line.dropFirst(2).dropLast(2).components(separatedBy: " | ").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private func meanings(_ heading: String) -> [String: String] {
        Dictionary(rows(heading).map { ($0[0].trimmingCharacters(in: ["`"]), $0[1]) }) { first, _ in first }
    }

    @Test func everyTextAndFlagIsDocumented() {
        #expect(meanings("Texts") == TemplateVocabulary.texts)
        #expect(meanings("Sections that are shown or not") == TemplateVocabulary.flags)
    }

    @Test func everyListIsDocumentedWithItsMembers() {
        var lists = TemplateVocabulary.lists
        for (owner, inner) in TemplateVocabulary.innerLists {
            lists[owner, default: []] += inner.keys
            lists.merge(inner) { first, _ in first }
        }
        let documented = Dictionary(
            rows("Lists").map { row in
                let parts = row[1].components(separatedBy: "`").enumerated()
                let names = parts.filter { $0.offset % 2 == 1 }.map(\.element)
                return (row[0].trimmingCharacters(in: ["`"]), Set(names))
            }
        ) { first, _ in first }
        #expect(documented == lists.mapValues(Set.init))
    }

    @Test func everySubjectTextIsNamed() {
        for name in TemplateVocabulary.subjectTexts { #expect(Self.page.contains("`{{\(name)}}`")) }
    }

    /// What `--data` prints, and what templates get, are names of the vocabulary.
    @Test func theDataHoldsOnlyKnownNames() throws {
        let notification = try Sample.notification(
            Sample.conversation, group: "g", heldBack: 2, throttle: "1 per 15m", content: ["prompt", "completion"])
        let inner = Set(TemplateVocabulary.innerLists.values.flatMap(\.keys))
        let known = Set(TemplateVocabulary.names).subtracting(inner)
        for notification in try [notification] + AlertSample.cases.values.map({ try $0() }) {
            let composer = Composer(templates: .builtin, identity: .test)
            let subject = composer.render(notification).subject
            let data = try #require(composer.data(of: notification, subject: subject).object)
            #expect(Set(data.members.map(\.key)).isSubset(of: known))
            #expect(
                Set(TemplateVocabulary.flags.keys).union(TemplateVocabulary.lists.keys).isSubset(
                    of: data.members.map(\.key)))
            for (list, members) in TemplateVocabulary.lists where TemplateVocabulary.innerLists[list] == nil {
                for item in data[list]?.array ?? [] {
                    let names = item.object?.members.map(\.key) ?? []
                    #expect(Set(names).isSubset(of: members))
                }
            }
        }
    }
}
