import CCurl

/// A list of strings for libcurl, which does not copy it: the list has to outlive the transfer that uses it.
struct CurlStringList: ~Copyable {
    /// The first node, or `nil` for the empty list.
    let head: UnsafeMutablePointer<curl_slist>?

    /// Copies `strings` into C memory; `nil` when there is none left.
    init?(_ strings: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for string in strings {
            guard let longer = curl_slist_append(list, string) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        self.head = list
    }

    deinit {
        curl_slist_free_all(head)
    }
}
