import CCurl
import Glibc

/// The one place that starts libcurl, before any handle exists.
enum CurlLibrary {
    /// Whether libcurl could be started; reading it starts libcurl, once in the life of the process.
    ///
    /// The order matters. OpenSSL is told first to install no exit handler: its handler frees shared tables while
    /// other threads may still close connections, which crashes at exit (swift-corelibs-foundation #5469). Then
    /// SIGPIPE is ignored, because `CURLOPT_NOSIGNAL`, which threads need, leaves that signal to us, and a command
    /// that starts no server has nobody else who ignores it.
    static let isReady: Bool = {
        guard hm_openssl_init_no_atexit() == 1 else { return false }
        signal(SIGPIPE, SIG_IGN)
        return hm_curl_global_init() == CURLE_OK
    }()
}
