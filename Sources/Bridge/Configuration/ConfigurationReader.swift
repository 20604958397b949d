import Events
import Expressions
import Mail
import Rendering
import Rules
import Store
import Transports

/// Reads the configuration from its YAML tree, section by section, and gathers everything that is wrong with it.
struct ConfigurationReader {
    let sink: DiagnosticSink
    let values: ValueReader
    let folder: String
    let environment: Configuration.EnvironmentReader
    let files: Configuration.FileReader
    let folders: Configuration.FolderReader

    init(
        _ sink: DiagnosticSink, folder: String, environment: @escaping Configuration.EnvironmentReader,
        files: @escaping Configuration.FileReader, folders: @escaping Configuration.FolderReader
    ) {
        self.folders = folders
        self.sink = sink
        self.values = ValueReader(sink)
        self.folder = folder
        self.environment = environment
        self.files = files
    }

    /// Keys of the file that later versions bring.
    private static let laterKeys = ["otlp"]

    /// Everything the file says, or `nil` when something of it cannot be used.
    func read() -> Configuration? {
        guard let root = YAMLComposer.compose(sink) else {
            if !sink.hasErrors { sink.error(at: .fileStart, "the file is empty", hint: "`hookmail init` writes one") }
            return nil
        }
        guard !root.isNull else {
            sink.error(at: .fileStart, "the file is empty", hint: "`hookmail init` writes one")
            return nil
        }
        guard let file = MappingReader(root, subject: "the configuration", sink: sink) else { return nil }
        let addresses = listenAddresses(file)
        let store = store(file)
        let retention = file.value("keep").map(retention) ?? Retention()
        let trustedProxies = trustedProxies(file)
        let sources = sources(file, SourceSurroundings(listen: addresses.listen, trustedProxies: trustedProxies))
        let links = links(file, beside: sources)
        let mail = mail(file)
        let templates = file.value("templates").map(templates) ?? OwnTemplates()
        let ruleSet = RuleSetReader(
            sink, addresses: Self.address, templates: Self.grammar(of: templates.names),
            storesBodies: retention.bodies != nil
        ).read(file, including: included(file))
        let redact = file.value("redact").map { RedactionPatterns.read($0, sink) } ?? .none
        let logURL = file.value("log_url").flatMap(logLink)
        file.refuse(Self.laterKeys)
        file.finish()
        guard let mail, let ruleSet, let store, let set = templates.set else { return nil }
        var configuration = Configuration(
            listen: addresses.listen, admin: addresses.admin, adminToken: addresses.token, store: store,
            retention: retention, sources: sources, trustedProxies: trustedProxies, mail: mail, ruleSet: ruleSet,
            templates: set, redact: redact, logURL: logURL
        )
        configuration.publicURL = links.base
        configuration.linkKeys = links.keys
        configuration.zones = configuration.ruleSet.zones
        return configuration
    }

    /// Mail's grammar of addresses in the form that the rules ask for.
    static func address(_ text: String) -> Result<String, AddressComplaint> {
        do throws(AddressFault) {
            return .success(try Address(parsing: InternationalAddress.wireForm(ofAddress: text)).description)
        } catch {
            return .failure(complaint(error, about: text))
        }
    }

    /// A fault of an address with its place counted in Unicode scalars.
    static func complaint(_ fault: AddressFault, about text: String) -> AddressComplaint {
        let prefix = String(decoding: Array(text.utf8.prefix(fault.offset)), as: UTF8.self)
        return AddressComplaint(
            message: fault.reason.rawValue, hint: fault.hint, scalarOffset: prefix.unicodeScalars.count
        )
    }

    /// `path` from the configuration file's folder, unless it is absolute.
    func resolved(_ path: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        return folder + (path.utf8.starts(with: "./".utf8) ? String(path.dropFirst(2)) : path)
    }
}
