import CCurl

/// A libcurl result that is not `CURLE_OK`.
struct CurlFault: Error, Equatable {
    /// libcurl's number for the failure.
    let code: CURLcode

    /// libcurl's constant words for the number; they hold no address and no secret.
    var text: String {
        String(cString: curl_easy_strerror(code))
    }

    /// Turns a result into a thrown fault.
    static func check(_ code: CURLcode) throws(CurlFault) {
        guard code == CURLE_OK else { throw CurlFault(code: code) }
    }
}
