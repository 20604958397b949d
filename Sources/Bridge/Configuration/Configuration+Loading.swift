import Events
package import Expressions
import Glibc
import Rules

/// A configuration that may be taken into force, and what is to be said about it.
package struct LoadedConfiguration: Sendable {
    package let configuration: Configuration
    /// Warnings, sorted by place.
    package let warnings: Diagnostics
}

extension Configuration {
    /// Gives the value of an environment variable, or `nil`.
    package typealias EnvironmentReader = (_ name: String) -> String?
    /// Gives the content of a file.
    package typealias FileReader = (_ path: String) -> Result<FileContent, FileFault>
    /// Gives the names of what is in a folder, sorted.
    package typealias FolderReader = (_ path: String) -> Result<[String], FileFault>

    /// Reads and checks a configuration file and everything it refers to.
    ///
    /// - Parameters:
    ///   - path: The file; paths inside it are relative to its folder.
    ///   - environment: Looks up the variables that `{env: NAME}` names.
    ///   - files: Reads the configuration file and the files that it names.
    ///   - folders: Lists the folder of templates.
    /// - Throws: everything that was found in the file, warnings included, when there is an error among it.
    package static func load(
        path: String, environment: EnvironmentReader, files: FileReader,
        folders: FolderReader = FolderContent.names
    ) throws(Diagnostics) -> LoadedConfiguration {
        let content: FileContent
        switch files(path) {
        case .success(let found): content = found
        case .failure(let fault): throw complaint(path, "the configuration file \(fault.words)", hint: fault.hint)
        }
        guard let text = String(validating: content.bytes, as: UTF8.self) else {
            throw complaint(path, "the configuration file is not UTF-8", hint: "save it in UTF-8")
        }
        return try load(
            text: text, file: path, folder: folder(of: path), environment: environment, files: files, folders: folders)
    }

    /// What relative paths in the file are appended to: empty, or a folder with a slash at its end.
    static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) + "/" } ?? ""
    }

    /// Reads and checks the text of a configuration file.
    ///
    /// - Parameters:
    ///   - file: The file's name for findings.
    ///   - folder: What relative paths are appended to: empty, or a folder with a slash at its end.
    package static func load(
        text: String, file: String, folder: String, environment: EnvironmentReader, files: FileReader,
        folders: FolderReader = FolderContent.names
    ) throws(Diagnostics) -> LoadedConfiguration {
        let sink = DiagnosticSink(source: SourceText(file: file, text: text))
        let configuration = withoutActuallyEscaping(environment) { environment in
            withoutActuallyEscaping(files) { files in
                withoutActuallyEscaping(folders) { folders in
                    ConfigurationReader(
                        sink, folder: folder, environment: environment, files: files, folders: folders
                    ).read()
                }
            }
        }
        guard let configuration, !sink.hasErrors else { throw sink.diagnostics }
        return LoadedConfiguration(configuration: configuration, warnings: sink.diagnostics)
    }

    private static func complaint(_ path: String, _ message: String, hint: String?) -> Diagnostics {
        Diagnostics([
            Diagnostic(file: path, position: SourcePosition(line: 1, column: 1), message: message, hint: hint)
        ])
    }
}

extension Configuration {
    /// Reads and checks a file of this machine with this process's environment.
    package static func load(path: String) throws(Diagnostics) -> LoadedConfiguration {
        try load(
            path: path, environment: { name in getenv(name).map { String(cString: $0) } },
            files: { FileContent.read(path: $0) })
    }

    /// What stands for a secret that is missing where it is not needed; it has the shape of none.
    static let missingSecret = "missing here, and not needed by a command that looks"

    /// Reads a file of this machine for a command that looks at the store and needs no secret: one that is missing here
    /// (in another shell, under another user) is no fault then. What it holds cannot verify, sign or log in, and an
    /// admin token that is missing is none: a server is sent no made-up one.
    package static func loadWithoutSecrets(path: String) throws(Diagnostics) -> LoadedConfiguration {
        let loaded = try load(
            path: path, environment: environmentWithoutSecrets,
            files: { $0 == path ? FileContent.read(path: $0) : fileWithoutSecrets($0) })
        var configuration = loaded.configuration
        if let token = configuration.adminToken, isMissing(token) { configuration.adminToken = nil }
        return LoadedConfiguration(configuration: configuration, warnings: loaded.warnings)
    }

    /// The value of an environment variable, or what stands for a missing secret.
    static func environmentWithoutSecrets(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) } ?? missingSecret
    }

    /// The content of a file that the configuration names, or what stands for a missing secret; templates and included
    /// files are none.
    static func fileWithoutSecrets(_ file: String) -> Result<FileContent, FileFault> {
        let found = FileContent.read(path: file)
        let isText = [".mustache", ".yaml", ".yml"].contains { file.hasSuffix($0) }
        if case .failure = found, !isText { return .success(FileContent(bytes: Array(missingSecret.utf8))) }
        return found
    }

    /// Whether a secret is what stands for a missing one.
    static func isMissing(_ secret: Secret) -> Bool { secret.revealedBytes == Array(missingSecret.utf8) }

    /// Reads a file of this machine for a command that only sends mail: it needs the mail server's password and no
    /// other secret. Throws what `load(path:)` throws when that password is not to be had.
    package static func loadForSending(path: String) throws(Diagnostics) -> LoadedConfiguration {
        do throws(Diagnostics) {
            return try load(path: path)
        } catch {
            guard let lenient = try? loadWithoutSecrets(path: path) else { throw error }
            guard !lenient.configuration.mail.secrets.contains(where: isMissing) else { throw error }
            return lenient
        }
    }
}
