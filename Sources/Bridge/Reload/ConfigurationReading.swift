package import Expressions
import Glibc

/// One reading of a configuration file: what came of it, and the files it was made of.
package struct ConfigurationReading: Sendable {
    /// The configuration, or everything that is wrong with it.
    package let result: Result<LoadedConfiguration, Diagnostics>
    /// Every file that was read or looked for, and every folder that was listed, each once; the configuration file is
    /// the first.
    package let files: [String]

    package init(result: Result<LoadedConfiguration, Diagnostics>, files: [String]) {
        self.result = result
        self.files = files
    }

    /// Reads and checks a file of this machine with this process's environment.
    package static func read(path: String) -> ConfigurationReading {
        var files: [String] = []
        do {
            let loaded = try Configuration.load(
                path: path, environment: { name in getenv(name).map { String(cString: $0) } },
                files: { file in
                    if !files.contains(file) { files.append(file) }
                    return FileContent.read(path: file)
                },
                folders: { folder in
                    if !files.contains(folder) { files.append(folder) }
                    return FolderContent.names(path: folder)
                })
            return ConfigurationReading(result: .success(loaded), files: files)
        } catch {
            return ConfigurationReading(result: .failure(error), files: files)
        }
    }
}
