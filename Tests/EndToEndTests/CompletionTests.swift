import Foundation
import TestSupport
import Testing

/// What a shell makes of `hookmail completions`.
@Suite(.timeLimit(.minutes(3))) struct CompletionTests {
    /// Completes a line in a real bash, the last word being the one that is typed.
    private func complete(_ words: [String], in folder: URL) throws -> (status: Int32, words: Set<String>) {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let program = """
            cd '\(folder.path)' && PATH='\(ServerProcess.executable.deletingLastPathComponent().path)':$PATH
            source ./completions.bash || exit 1
            COMP_WORDS=(\(quoted)); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            _hookmail hookmail "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try TestProcess.run("/bin/bash", ["--norc", "-c", program])
        return (result.status, Set(result.output.split(separator: "\n").map(String.init)))
    }

    @Test func bashCompletesCommandsOptionsAndNamesOfRules() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: """
                rules:
                  - {name: failed-calls, when: failed, notify: a@example.com}
                  - {name: slow.calls, when: latency > 3, notify: a@example.com}
                  - {name: '$(touch broken)', when: failed, notify: a@example.com}
                  - {name: two words, when: failed, notify: a@example.com}
                """)
        let script = try await server.run(["completions", "bash"])
        #expect(script.status == 0)
        let file = server.folder.appendingPathComponent("completions.bash")
        try script.output.write(to: file, atomically: true, encoding: .utf8)
        #expect(try TestProcess.run("/bin/bash", ["-n", file.path]).output.isEmpty)

        #expect(try complete(["hookmail", "ex"], in: server.folder).words == ["explain"])
        #expect(try complete(["hookmail", "explain", "--r"], in: server.folder).words == ["--rule"])
        let names: Set = ["failed-calls", "slow.calls"]
        #expect(try complete(["hookmail", "explain", "1", "--rule", ""], in: server.folder).words == names)
        #expect(try complete(["hookmail", "rules", "show", "fa"], in: server.folder).words == ["failed-calls"])
        #expect(
            !FileManager.default.fileExists(atPath: server.folder.path + "/broken"), "a name of a rule was executed")

        // A file with faults, or none, offers nothing and says nothing.
        try "rules: [".write(
            to: server.folder.appendingPathComponent("hookmail.yaml"), atomically: true, encoding: .utf8)
        let nothing = try complete(["hookmail", "rules", "show", ""], in: server.folder)
        #expect(nothing.status == 0 && nothing.words.isEmpty, "\(nothing)")
    }

    @Test(arguments: ["zsh", "fish"]) func theOtherShellsHaveAScriptToo(shell: String) async throws {
        let script = try await ServerProcess.run(
            ["completions", shell], in: URL(fileURLWithPath: NSTemporaryDirectory()))
        #expect(script.status == 0)
        #expect(script.output.contains("explain") && script.output.contains("hookmail"))
        guard let path = TestProcess.find(shell) else { return }
        let folder = try ScratchFolder()
        try script.output.write(toFile: folder.path + "/script", atomically: true, encoding: .utf8)
        #expect(try TestProcess.run(path, ["-n", folder.path + "/script"]).status == 0)
    }
}
