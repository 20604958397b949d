#ifndef HOOKMAIL_COPENSSL_SHIM_H
#define HOOKMAIL_COPENSSL_SHIM_H

#include <stddef.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/core_names.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/// Starts libcrypto without its exit handler, which would race with threads that still hold its objects when the
/// process ends. Must run before any other call into the library; further calls do nothing.
static inline int hookmail_crypto_start(void) {
    return OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

/// The provider's SHA-256 (FIPS 180-4), to be fetched once and kept for the life of the process: looking for it takes
/// as long as hashing a kilobyte.
static inline EVP_MD *_Nullable hookmail_sha256_fetch(void) {
    return EVP_MD_fetch(NULL, "SHA256", NULL);
}

/// A running digest, or NULL without memory. Freed with EVP_MD_CTX_free.
static inline EVP_MD_CTX *_Nullable hookmail_digest_new(const EVP_MD *_Nonnull digest) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context != NULL && EVP_DigestInit_ex2(context, digest, NULL) != 1) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    return context;
}

/// The provider's HMAC (RFC 2104), to be fetched once and kept for the life of the process.
static inline EVP_MAC *_Nullable hookmail_hmac_fetch(void) {
    return EVP_MAC_fetch(NULL, "HMAC", NULL);
}

/// A running HMAC over the digest called `digest` ("SHA1", "SHA256", "SHA512"), or NULL. Freed with EVP_MAC_CTX_free.
/// The key is given by pointer and length and may be empty; it is copied.
static inline EVP_MAC_CTX *_Nullable hookmail_hmac_new(
    EVP_MAC *_Nonnull mac, const char *_Nonnull digest, const unsigned char *_Nonnull key, size_t key_bytes
) {
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    OSSL_PARAM parameters[2];
    parameters[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0);
    parameters[1] = OSSL_PARAM_construct_end();
    if (context != NULL && EVP_MAC_init(context, key, key_bytes, parameters) != 1) {
        EVP_MAC_CTX_free(context);
        return NULL;
    }
    return context;
}

/// 1 when `signature` (64 bytes) is an Ed25519 signature (RFC 8032) over the message under the public key (32 bytes),
/// 0 when it is none, also for a key that is no point of the curve or without memory.
static inline int hookmail_ed25519_verify(
    const unsigned char *_Nonnull key, const unsigned char *_Nonnull signature, const unsigned char *_Nonnull message,
    size_t message_bytes
) {
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int is_valid = public_key != NULL && context != NULL
        && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1
        && EVP_DigestVerify(context, signature, 64, message, message_bytes) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public_key);
    return is_valid;
}

/// Nobody is asked for a passphrase: whoever wrote the key's file is not there when a server starts.
static inline int hookmail_no_passphrase(
    char *_Nullable buffer, int bytes, int is_writing, void *_Nullable context
) {
    (void)buffer, (void)bytes, (void)is_writing, (void)context;
    return -1;
}

/// A private key from its PEM text, or NULL when it is none, needs a passphrase, or without memory. Freed with
/// EVP_PKEY_free.
static inline EVP_PKEY *_Nullable hookmail_private_key_read(const unsigned char *_Nonnull pem, int pem_bytes) {
    BIO *text = BIO_new_mem_buf(pem, pem_bytes);
    EVP_PKEY *key = text == NULL ? NULL : PEM_read_bio_PrivateKey(text, NULL, hookmail_no_passphrase, NULL);
    BIO_free(text);
    ERR_clear_error();
    return key;
}

/// Signs the message with the key, over the digest called `digest` ("SHA256"), or over the message itself for NULL
/// (Ed25519). `signature` has room for `*signature_bytes`, which becomes the length of what was written. 1 for done.
static inline int hookmail_sign(
    EVP_PKEY *_Nonnull key, const char *_Nullable digest, const unsigned char *_Nonnull message, size_t message_bytes,
    unsigned char *_Nonnull signature, size_t *_Nonnull signature_bytes
) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int is_done = context != NULL && EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, key, NULL) == 1
        && EVP_DigestSign(context, signature, signature_bytes, message, message_bytes) == 1;
    EVP_MD_CTX_free(context);
    if (!is_done) ERR_clear_error();
    return is_done;
}

/// Writes the public half as SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) into `der`, which has room for `der_bytes`.
/// Its length, or 0 when it has no room or the key no such form.
static inline int hookmail_public_key_write(EVP_PKEY *_Nonnull key, unsigned char *_Nonnull der, int der_bytes) {
    int needed = i2d_PUBKEY(key, NULL);
    if (needed <= 0 || needed > der_bytes) return 0;
    unsigned char *end = der;
    return i2d_PUBKEY(key, &end);
}

#endif
