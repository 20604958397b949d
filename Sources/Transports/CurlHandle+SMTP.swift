import CCurl

extension CurlHandle {
    /// Sets everything that is the same for every mail.
    ///
    /// Two options that one might miss here are absent on purpose. There is no limit on the whole transfer, because a
    /// mail cut between its final dot and the reply arrives twice. And libcurl's low-speed limit also counts while it
    /// waits for that reply, when no byte flows: it would cut exactly there. `SMTPTransfer` watches for a stalled
    /// upload itself.
    func apply(_ configuration: SMTPConfiguration) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_url(pointer, configuration.url))
        try CurlFault.check(hm_curl_set_protocols(pointer, "smtp,smtps"))
        // The empty proxy also hides the proxies of the environment, which libcurl honours for SMTP, too.
        try CurlFault.check(hm_curl_set_proxy(pointer, ""))
        try CurlFault.check(hm_curl_set_connections_max(pointer, 1))
        try CurlFault.check(hm_curl_set_upload(pointer, 1))
        try setTimes(connectSeconds: configuration.connectSecondsMax)
        try CurlFault.check(hm_curl_set_server_response_timeout(pointer, configuration.replySecondsMax))
        let isProtected = configuration.security != .unprotected
        try CurlFault.check(
            hm_curl_set_use_ssl(pointer, isProtected ? hm_curl_use_ssl_all() : hm_curl_use_ssl_none())
        )
        try setTrust(file: configuration.certificateAuthorityFile, folder: configuration.certificateAuthorityFolder)
        if let certificate = configuration.ownCertificateFile {
            try CurlFault.check(hm_curl_set_own_certificate(pointer, certificate))
            try CurlFault.check(hm_curl_set_own_key(pointer, configuration.ownKeyFile ?? certificate))
        }
        if let login = configuration.login {
            try CurlFault.check(hm_curl_set_login_options(pointer, login.loginOptions))
            try CurlFault.check(hm_curl_set_username(pointer, login.username))
            if case .password(_, let password) = login {
                try CurlFault.check(hm_curl_set_password(pointer, password.text))
            }
        }
    }

    /// Connection times, and what threads need: no signals, and no waiting for a name server that does not answer
    /// (`QUICK_EXIT` leaves the resolver's thread to end by itself).
    func setTimes(connectSeconds: Int) throws(CurlFault) {
        let milliseconds = connectSeconds.multipliedReportingOverflow(by: 1_000)
        try CurlFault.check(hm_curl_set_no_signal(pointer, 1))
        try CurlFault.check(hm_curl_set_quick_exit(pointer, 1))
        try CurlFault.check(
            hm_curl_set_connect_timeout_ms(pointer, milliseconds.overflow ? .max : milliseconds.partialValue)
        )
    }

    /// Verification is always on. Own authorities replace the system's: whoever names one trusts that one.
    func setTrust(file: String?, folder: String?) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_verify_peer(pointer, 1))
        try CurlFault.check(hm_curl_set_verify_host(pointer, 2))
        try CurlFault.check(hm_curl_set_ssl_version_min(pointer, hm_curl_tls_1_2()))
        guard file != nil || folder != nil else { return }
        try CurlFault.check(hm_curl_set_ca_info(pointer, file))
        try CurlFault.check(hm_curl_set_ca_path(pointer, folder))
    }

    /// The access token for the next transfer.
    func setBearerToken(_ token: Password) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_bearer_token(pointer, token.text))
    }

    /// The envelope and size of the next mail. `recipients` is not copied: it must outlive the transfer.
    func setEnvelope(
        sender: String, recipients: borrowing CurlStringList, messageBytes: Int
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_mail_from(pointer, sender))
        try CurlFault.check(hm_curl_set_mail_recipients(pointer, recipients.head))
        try CurlFault.check(hm_curl_set_upload_size(pointer, curl_off_t(messageBytes)))
    }

    /// Lets go of the recipients, before their list is freed.
    func forgetRecipients() {
        _ = hm_curl_set_mail_recipients(pointer, nil)
    }
}
