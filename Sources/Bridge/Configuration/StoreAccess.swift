package import Events
package import Expressions
import Rules

/// What a command needs to look at the store and to call a running server: three keys of the file, which can be read
/// while the rest of it has faults.
package struct StoreAccess: Sendable {
    /// The database file.
    package let storePath: String
    /// Where a running server listens for commands.
    package let admin: ListenAddress
    /// What it asks for; `nil` where the file has none or it is missing here.
    package let adminToken: Secret?
    /// The whole configuration, or `nil` while it has faults.
    package let configuration: Configuration?
    /// What is wrong with the rest of the file; empty when there is a configuration.
    package let faults: Diagnostics

    /// The access that a whole configuration gives.
    package init(_ configuration: Configuration) {
        storePath = configuration.storePath
        admin = configuration.admin
        adminToken = configuration.adminToken
        self.configuration = configuration
        faults = Diagnostics()
    }

    private init(storePath: String, admin: ListenAddress, adminToken: Secret?, faults: Diagnostics) {
        self.storePath = storePath
        self.admin = admin
        self.adminToken = adminToken
        configuration = nil
        self.faults = faults
    }
}

extension Configuration {
    /// Reads a file of this machine for a command that looks at the store: as `loadWithoutSecrets` does, and where that
    /// finds faults, `store`, `admin` and `admin_token` alone.
    ///
    /// - Throws: everything that was found when one of the faults is in these keys, or may hide one of them.
    package static func loadAccess(path: String) throws(Diagnostics) -> StoreAccess {
        let faults: Diagnostics
        do throws(Diagnostics) {
            return StoreAccess(try loadWithoutSecrets(path: path).configuration)
        } catch {
            faults = error
        }
        guard case .success(let content) = FileContent.read(path: path),
            let text = String(validating: content.bytes, as: UTF8.self), text.utf8.count <= SourceText.bytesMax,
            let access = StoreAccess(
                reading: SourceText(file: path, text: text), folder: folder(of: path), faults: faults)
        else { throw faults }
        return access
    }
}

extension StoreAccess {
    /// The keys that it is read from.
    private static let keys = ["store", "admin", "admin_token"]

    /// Whether a key is one of these, or may be one with a slip in it: what is behind that is not made up.
    private static func concerns(_ key: String) -> Bool {
        Suggestion.nearest(to: key, among: keys) != nil
    }

    /// `nil` where one of the keys has a fault, or the file does not let them be told apart.
    fileprivate init?(reading whole: SourceText, folder: String, faults: Diagnostics) {
        let part = whole.keeping(keys: Self.concerns)
        let sink = DiagnosticSink(source: part ?? whole)
        let reader = ConfigurationReader(
            sink, folder: folder, environment: Configuration.environmentWithoutSecrets,
            files: { Configuration.fileWithoutSecrets($0) }, folders: { _ in .failure(.notFound) })
        let root = YAMLComposer.compose(sink)
        guard !sink.hasErrors else { return nil }
        guard let root, !root.isNull else {
            // A part without a line has none of the keys: all of them have their defaults.
            guard part != nil else { return nil }
            self.init(
                storePath: reader.resolved(Configuration.standardStore), admin: Configuration.standardAdmin,
                adminToken: nil, faults: faults)
            return
        }
        guard let file = MappingReader(root, subject: "the configuration", sink: sink),
            !file.all.contains(where: { Self.concerns($0.key) && !Self.keys.contains($0.key) }),
            let store = reader.store(file)
        else { return nil }
        let admin = file.value("admin").flatMap { reader.address($0, "'admin'") }
        let token = file.value("admin_token").flatMap { reader.secret($0, "'admin_token'") }
        guard !sink.hasErrors, case .sqlite(let path) = store else { return nil }
        self.init(
            storePath: path, admin: admin ?? Configuration.standardAdmin,
            adminToken: token.flatMap { Configuration.isMissing($0) ? nil : $0 }, faults: faults)
    }
}
