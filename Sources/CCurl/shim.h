/// libcurl for Swift: one typed function per option.
///
/// `curl_easy_setopt` and `curl_easy_getinfo` are variadic, so Swift does not import them. Each function below names
/// its option as a literal and takes the option's exact C type, because only then can curl's own checker
/// (typecheck-gcc.h) see a mistake. That checker works under gcc and is silent under clang, so a test compiles this
/// header with gcc. Integer options are declared `long`: an `int` in that place is undefined behaviour that no
/// compiler reports.
#ifndef HOOKMAIL_CCURL_SHIM_H
#define HOOKMAIL_CCURL_SHIM_H

#include <curl/curl.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <stddef.h>

// Callbacks, named with exactly the types that libcurl expects.
typedef size_t (*hm_curl_read_function)(char *buffer, size_t size, size_t count, void *context);
typedef size_t (*hm_curl_write_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*hm_curl_progress_function)(void *context, curl_off_t downloadTotal, curl_off_t downloadNow,
                                         curl_off_t uploadTotal, curl_off_t uploadNow);
typedef curl_socket_t (*hm_curl_open_function)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*hm_curl_close_function)(void *context, curl_socket_t socket);
typedef int (*hm_curl_debug_function)(CURL *handle, curl_infotype type, char *bytes, size_t count, void *context);

// Process-wide.

/// Keeps OpenSSL from installing its exit handler, which races with threads that still free their connections.
static inline int hm_openssl_init_no_atexit(void) { return OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL); }
static inline CURLcode hm_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

// Where to, and with which protocols.

static inline CURLcode hm_curl_set_url(CURL *handle, const char *url) {
    return curl_easy_setopt(handle, CURLOPT_URL, url);
}
static inline CURLcode hm_curl_set_protocols(CURL *handle, const char *names) {
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, names);
}
static inline CURLcode hm_curl_set_proxy(CURL *handle, const char *proxy) {
    return curl_easy_setopt(handle, CURLOPT_PROXY, proxy);
}
static inline CURLcode hm_curl_set_no_proxy(CURL *handle, const char *hosts) {
    return curl_easy_setopt(handle, CURLOPT_NOPROXY, hosts);
}
static inline CURLcode hm_curl_set_follow_location(CURL *handle, long follows) {
    return curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, follows);
}
static inline CURLcode hm_curl_set_connections_max(CURL *handle, long count) {
    return curl_easy_setopt(handle, CURLOPT_MAXCONNECTS, count);
}

// Time and threads.

static inline CURLcode hm_curl_set_no_signal(CURL *handle, long off) {
    return curl_easy_setopt(handle, CURLOPT_NOSIGNAL, off);
}
static inline CURLcode hm_curl_set_quick_exit(CURL *handle, long quick) {
    return curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, quick);
}
static inline CURLcode hm_curl_set_connect_timeout_ms(CURL *handle, long milliseconds) {
    return curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
}
static inline CURLcode hm_curl_set_timeout_ms(CURL *handle, long milliseconds) {
    return curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds);
}
static inline CURLcode hm_curl_set_server_response_timeout(CURL *handle, long seconds) {
    return curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
}
static inline CURLcode hm_curl_set_no_progress(CURL *handle, long off) {
    return curl_easy_setopt(handle, CURLOPT_NOPROGRESS, off);
}
static inline CURLcode hm_curl_set_verbose(CURL *handle, long on) {
    return curl_easy_setopt(handle, CURLOPT_VERBOSE, on);
}

// TLS and login.

static inline CURLcode hm_curl_set_use_ssl(CURL *handle, long level) {
    return curl_easy_setopt(handle, CURLOPT_USE_SSL, level);
}
static inline CURLcode hm_curl_set_verify_peer(CURL *handle, long verifies) {
    return curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, verifies);
}
static inline CURLcode hm_curl_set_verify_host(CURL *handle, long level) {
    return curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, level);
}
static inline CURLcode hm_curl_set_ssl_version_min(CURL *handle, long version) {
    return curl_easy_setopt(handle, CURLOPT_SSLVERSION, version);
}
static inline CURLcode hm_curl_set_ca_info(CURL *handle, const char *path) {
    return curl_easy_setopt(handle, CURLOPT_CAINFO, path);
}
static inline CURLcode hm_curl_set_ca_path(CURL *handle, const char *path) {
    return curl_easy_setopt(handle, CURLOPT_CAPATH, path);
}
/// A PEM file with our own certificate, for servers that ask for one.
static inline CURLcode hm_curl_set_own_certificate(CURL *handle, const char *path) {
    return curl_easy_setopt(handle, CURLOPT_SSLCERT, path);
}
/// A PEM file with its private key.
static inline CURLcode hm_curl_set_own_key(CURL *handle, const char *path) {
    return curl_easy_setopt(handle, CURLOPT_SSLKEY, path);
}
static inline CURLcode hm_curl_set_login_options(CURL *handle, const char *options) {
    return curl_easy_setopt(handle, CURLOPT_LOGIN_OPTIONS, options);
}
static inline CURLcode hm_curl_set_username(CURL *handle, const char *name) {
    return curl_easy_setopt(handle, CURLOPT_USERNAME, name);
}
static inline CURLcode hm_curl_set_password(CURL *handle, const char *password) {
    return curl_easy_setopt(handle, CURLOPT_PASSWORD, password);
}
static inline CURLcode hm_curl_set_bearer_token(CURL *handle, const char *token) {
    return curl_easy_setopt(handle, CURLOPT_XOAUTH2_BEARER, token);
}

// The mail.

static inline CURLcode hm_curl_set_mail_from(CURL *handle, const char *address) {
    return curl_easy_setopt(handle, CURLOPT_MAIL_FROM, address);
}
static inline CURLcode hm_curl_set_mail_recipients(CURL *handle, struct curl_slist *addresses) {
    return curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, addresses);
}
static inline CURLcode hm_curl_set_upload(CURL *handle, long on) {
    return curl_easy_setopt(handle, CURLOPT_UPLOAD, on);
}
static inline CURLcode hm_curl_set_upload_size(CURL *handle, curl_off_t bytes) {
    return curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, bytes);
}

// The HTTP request.

static inline CURLcode hm_curl_set_method(CURL *handle, const char *method) {
    return curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
}
static inline CURLcode hm_curl_set_no_body(CURL *handle, long on) {
    return curl_easy_setopt(handle, CURLOPT_NOBODY, on);
}
static inline CURLcode hm_curl_set_http_headers(CURL *handle, struct curl_slist *lines) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
}
static inline CURLcode hm_curl_set_post_size(CURL *handle, curl_off_t bytes) {
    return curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, bytes);
}
/// Copies the body; the size must have been set before.
static inline CURLcode hm_curl_set_post_copy(CURL *handle, const void *body) {
    return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, body);
}

// Callbacks and what they are given. The context and the error buffer must outlive the handle.

static inline CURLcode hm_curl_set_read_function(CURL *handle, hm_curl_read_function function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_READDATA, context);
}
static inline CURLcode hm_curl_set_write_function(CURL *handle, hm_curl_write_function function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}
static inline CURLcode hm_curl_set_header_function(CURL *handle, hm_curl_write_function function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}
static inline CURLcode hm_curl_set_progress_function(CURL *handle, hm_curl_progress_function function,
                                                     void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
}
static inline CURLcode hm_curl_set_open_function(CURL *handle, hm_curl_open_function function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
}
static inline CURLcode hm_curl_set_close_function(CURL *handle, hm_curl_close_function function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, context);
}
static inline CURLcode hm_curl_set_debug_function(CURL *handle, hm_curl_debug_function function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
}
static inline CURLcode hm_curl_set_error_buffer(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

// What became of the transfer.

static inline CURLcode hm_curl_response_code(CURL *handle, long *code) {
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, code);
}
static inline CURLcode hm_curl_uploaded_bytes(CURL *handle, curl_off_t *bytes) {
    return curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, bytes);
}

/// How long it took until TLS stood, in microseconds; 0 when it did not.
static inline CURLcode hm_curl_secure_microseconds(CURL *handle, curl_off_t *microseconds) {
    return curl_easy_getinfo(handle, CURLINFO_APPCONNECT_TIME_T, microseconds);
}
/// OpenSSL's verdict on the server's certificate (X509_V_OK, X509_V_ERR_…).
static inline CURLcode hm_curl_verify_result(CURL *handle, long *verdict) {
    return curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, verdict);
}

// Names of hosts beyond ASCII.

/// The A-label form (RFC 5890) of a host name in UTF-8, to be freed with `curl_free`, or null when it has none.
///
/// libcurl leaves the work to libidn2, which takes the name in the character set of the thread's locale, and a process
/// that never asked for a locale has one without letters beyond ASCII: so this thread has another one meanwhile.
static inline char *hm_curl_ascii_host(const char *host) {
#ifdef CURLU_PUNYCODE
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!locale) return NULL;
    locale_t previous = uselocale(locale);
    char *ascii = NULL;
    CURLU *url = curl_url();
    if (url && curl_url_set(url, CURLUPART_HOST, host, 0) == CURLUE_OK)
        if (curl_url_get(url, CURLUPART_HOST, &ascii, CURLU_PUNYCODE) != CURLUE_OK) ascii = NULL;
    curl_url_cleanup(url);
    uselocale(previous);
    freelocale(locale);
    return ascii;
#else
    (void)host;
    return NULL;
#endif
}

/// Runs a transfer whose addresses may have domains beyond ASCII: in the locale that `hm_curl_ascii_host` takes, for
/// the same reason.
static inline CURLcode hm_curl_perform_beyond_ascii(CURL *handle) {
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!locale) return CURLE_OUT_OF_MEMORY;
    locale_t previous = uselocale(locale);
    CURLcode code = curl_easy_perform(handle);
    uselocale(previous);
    freelocale(locale);
    return code;
}

// Constants that are macros with casts, which Swift does not import.

static inline curl_socket_t hm_curl_socket_bad(void) { return CURL_SOCKET_BAD; }
static inline size_t hm_curl_read_abort(void) { return CURL_READFUNC_ABORT; }
static inline long hm_curl_use_ssl_all(void) { return (long)CURLUSESSL_ALL; }
static inline long hm_curl_use_ssl_none(void) { return (long)CURLUSESSL_NONE; }
static inline long hm_curl_tls_1_2(void) { return (long)CURL_SSLVERSION_TLSv1_2; }

#endif
