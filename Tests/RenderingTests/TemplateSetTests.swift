import Rendering
import Testing

struct TemplateSetTests {
    private func faults(_ text: String, others: [String: String] = [:]) -> [String] {
        do throws(TemplateFaults) {
            _ = try TemplateSet.load(overrides: ["mine.text": text, "mine.html": "x"].merging(others) { $1 })
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test(arguments: [
        ("Hi {{modle}}", ["mine.text:1:4: nothing is called `modle`"]),
        ("a\n  {{> nothere }}", ["mine.text:2:3: there is no partial `nothere`"]),
        ("{{label}}", ["mine.text:1:1: nothing is called `label` (it exists only inside {{#facts}})"]),
        ("{{facts}}", ["mine.text:1:1: `facts` has no text of its own (write {{#facts}}…{{/facts}})"]),
        ("{{#facts}}{{#deciding}}{{/deciding}}{{/facts}}", ["mine.text:1:11: a list cannot stand in another list"]),
        ("{{.}}", ["mine.text:1:1: `.` stands for the text of the section around it, and there is none"]),
        ("{{#model}}", ["mine.text:1:1: the section `model` is never closed (add {{/model}})"]),
        ("{{#model}}\n{{/modle}}", ["mine.text:2:1: this closes `modle`, but `model` of line 1 is open"]),
        ("{{/model}}", ["mine.text:1:1: no section `model` is open here"]),
        ("{{model", ["mine.text:1:1: this tag has no end (close it with }})"]),
        ("{{{model}}", ["mine.text:1:1: this tag has no end (close it with }}})"]),
        ("{{}}", ["mine.text:1:1: `` is no name (names are letters, digits and _)"]),
        ("{{a b}}", ["mine.text:1:1: `a b` is no name (names are letters, digits and _)"]),
    ])
    func faultsAreFoundWhenTemplatesLoad(text: String, wanted: [String]) {
        let found = faults(text)
        #expect(found.count == wanted.count)
        for (found, wanted) in zip(found, wanted) { #expect(found.hasPrefix(wanted)) }
    }

    @Test(arguments: [
        "{{=<% %>=}}", "{{% CONTENT_TYPE: HTML}}", "{{<part.facts.text}}{{/part.facts.text}}", "{{$x}}{{/x}}",
        "{{>*x}}",
    ])
    func whatIsOutsideTheSubsetIsRefused(text: String) {
        #expect(!faults(text).isEmpty)
    }

    @Test func whatTemplatesMayUseLoads() {
        let lines = [
            "{{! a\ncomment }}", "{{#model}}{{.}} {{customer}}{{/model}}", "{{^group}}-{{/group}}",
            "{{#failed}}{{& why}}{{{rule}}}{{/failed}}", "{{>part.facts.text}}",
        ]
        #expect(faults(lines.joined()) == [])
    }

    @Test func partialsThatContainThemselvesAreRefused() {
        let found = faults(
            "{{>part.a.text}}", others: ["part.a.text": "{{>part.b.text}}", "part.b.text": "\n{{>part.a.text}}"])
        #expect(found == ["part.b.text:2:1: the partial `part.a.text` contains itself"])
    }

    @Test func partialsThatMultiplyAreRefused() {
        var parts: [String: String] = [:]
        for level in 0..<8 {
            parts["part.p\(level).text"] = String(repeating: "{{>part.p\(level + 1).text}}", count: 10)
        }
        parts["part.p8.text"] = "x"
        #expect(!faults("{{>part.p0.text}}", others: parts).isEmpty)
    }

    @Test func halfATemplateAndABadNameAreRefused() {
        #expect(throws: TemplateFaults.self) { try TemplateSet.load(overrides: ["mine.text": "x"]) }
        #expect(throws: TemplateFaults.self) { try TemplateSet.load(overrides: ["mine": "x"]) }
        #expect(throws: TemplateFaults.self) { try TemplateSet.load(overrides: ["plain.text": "x"]) }
        #expect(throws: TemplateFaults.self) {
            try TemplateSet.load(overrides: ["failed.text": String(repeating: "x", count: 70_000)])
        }
    }

    @Test func allFaultsAreGivenAtOnceAndSorted() {
        let found = faults("{{b}}\n{{a}}", others: ["failed.text": "{{c}}"])
        #expect(
            found.map { $0.prefix(while: { $0 != " " }) } == ["failed.text:1:1:", "mine.text:1:1:", "mine.text:2:1:"])
    }

    @Test func subjectsAreTemplatesWithoutPartials() {
        #expect(TemplateSet.faults(inSubject: "{{model}} {{status_code}}", of: "r").isEmpty)
        #expect(TemplateSet.faults(inSubject: "{{modle}}", of: "r").first?.unknownName == "modle")
        #expect(TemplateSet.faults(inSubject: "{{>part.facts.text}}", of: "r").count == 1)
    }
}
