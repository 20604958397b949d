import CCurl

/// One libcurl easy handle: made once, used for many transfers by one thread at a time, freed at the end of its life.
///
/// In the C header `CURL` is `void`, so a bare handle would be a pointer like any other; this type is the only place
/// that holds it. Contexts given to callbacks are not retained: their owner keeps them alive longer than the handle.
struct CurlHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    /// `nil` when libcurl could not be started or has no memory.
    init?() {
        guard CurlLibrary.isReady, let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
    }

    deinit {
        curl_easy_cleanup(pointer)
    }

    /// Runs one transfer on the calling thread until it ends.
    ///
    /// - Parameter hasNamesBeyondASCII: Whether domains of the envelope are to be converted.
    func perform(hasNamesBeyondASCII: Bool = false) -> CURLcode {
        hasNamesBeyondASCII ? hm_curl_perform_beyond_ascii(pointer) : curl_easy_perform(pointer)
    }

    /// Forgets all options; open connections are kept.
    func reset() {
        curl_easy_reset(pointer)
    }

    /// The last status of the server: HTTP status or SMTP reply code; 0 when there was none.
    var responseCode: Int {
        var code = 0
        return hm_curl_response_code(pointer, &code) == CURLE_OK ? code : 0
    }
}

// Callbacks.
extension CurlHandle {
    func setReadFunction(
        context: UnsafeMutableRawPointer, _ function: @escaping hm_curl_read_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_read_function(pointer, function, context))
    }

    func setWriteFunction(
        context: UnsafeMutableRawPointer?, _ function: @escaping hm_curl_write_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_write_function(pointer, function, context))
    }

    func setHeaderFunction(
        context: UnsafeMutableRawPointer, _ function: @escaping hm_curl_write_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_header_function(pointer, function, context))
    }

    func setProgressFunction(
        context: UnsafeMutableRawPointer, _ function: @escaping hm_curl_progress_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_progress_function(pointer, function, context))
        try CurlFault.check(hm_curl_set_no_progress(pointer, 0))
    }

    func setOpenFunction(
        context: UnsafeMutableRawPointer, _ function: @escaping hm_curl_open_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_open_function(pointer, function, context))
    }

    func setCloseFunction(
        context: UnsafeMutableRawPointer, _ function: @escaping hm_curl_close_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_close_function(pointer, function, context))
    }

    /// Hands every line sent and received to `function`; libcurl prints nothing itself then.
    func setDebugFunction(
        context: UnsafeMutableRawPointer, _ function: @escaping hm_curl_debug_function
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_debug_function(pointer, function, context))
        try CurlFault.check(hm_curl_set_verbose(pointer, 1))
    }

    /// Where libcurl writes its words about a failure; at least `CURL_ERROR_SIZE` bytes that outlive the handle.
    func setErrorBuffer(_ buffer: UnsafeMutablePointer<CChar>) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_error_buffer(pointer, buffer))
    }
}

/// What libcurl measured of one transfer.
struct TransferFigures {
    /// How many bytes of the message were written to the connection.
    var uploadedBytes: Int64 = 0
    /// Whether TLS stood before the first word, which only implicit TLS has.
    var isSecured = false
    /// OpenSSL's verdict on the certificate: 0 is good, 1 stands for "not looked at", others are X509_V_ERR_….
    var certificateVerdict = 0
}

// Figures of the last transfer.
extension CurlHandle {
    /// What was measured of the last transfer.
    var figures: TransferFigures {
        var figures = TransferFigures()
        var number: curl_off_t = 0
        if hm_curl_uploaded_bytes(pointer, &number) == CURLE_OK { figures.uploadedBytes = Int64(number) }
        if hm_curl_secure_microseconds(pointer, &number) == CURLE_OK { figures.isSecured = number > 0 }
        var verdict = 0
        if hm_curl_verify_result(pointer, &verdict) == CURLE_OK { figures.certificateVerdict = verdict }
        return figures
    }
}
