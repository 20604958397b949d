import Glibc

/// The names in a folder of this machine.
package enum FolderContent {
    /// The most names that are read of a folder.
    package static let namesMax = 10_000

    /// The names in the folder at `path`, without `.` and `..`, sorted by their bytes.
    package static func names(path: String) -> Result<[String], FileFault> {
        guard let folder = opendir(path) else { return .failure(FileFault(errorNumber: errno)) }
        defer { closedir(folder) }
        var names: [String] = []
        while names.count < namesMax, let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return .success(names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
}
