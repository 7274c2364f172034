#include "tls_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace {

struct deleter {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
template <class T>
using owned = std::unique_ptr<T, deleter>;

void check(bool worked)
{
    if (!worked)
        throw std::runtime_error{"OpenSSL refused"};
}

void extend(X509* certificate, int what, char const* value)
{
    owned<X509_EXTENSION> const made{X509V3_EXT_conf_nid(nullptr, nullptr, what, value)};
    check(made && X509_add_ext(certificate, made.get(), -1) == 1);
}

// A certificate of `key` for a day, which its issuer is still to sign.
owned<X509> draw_up(char const* name, int serial, EVP_PKEY* key)
{
    owned<X509> out{X509_new()};
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), 24 * 3600);
    X509_set_pubkey(out.get(), key);
    auto const* const text = reinterpret_cast<unsigned char const*>(name);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC, text, -1, -1, 0);
    return out;
}

SSL_CTX* make_context(X509* certificate, EVP_PKEY* key, bool tickets)
{
    auto* const out = SSL_CTX_new(TLS_server_method());
    check(out && SSL_CTX_use_certificate(out, certificate) == 1 && SSL_CTX_use_PrivateKey(out, key) == 1);
    SSL_CTX_set_mode(out, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(out, SSL_SESS_CACHE_OFF);
    if (!tickets) {
        SSL_CTX_set_options(out, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(out, 0);
    }
    return out;
}

std::string write_pem(X509* certificate)
{
    auto path = (std::filesystem::temp_directory_path() / "checkwatches-ca-XXXXXX").string();
    int const descriptor = ::mkstemp(path.data());
    auto* const file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
    check(file && PEM_write_X509(file, certificate) == 1);
    std::fclose(file);
    return path;
}

} // namespace

tls_server::tls_server()
{
    owned<EVP_PKEY> const ca_key{EVP_EC_gen("P-256")};
    owned<EVP_PKEY> const key{EVP_EC_gen("P-256")};
    auto const ca = draw_up("checkwatches bench authority", 1, ca_key.get());
    X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
    extend(ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(ca.get(), NID_key_usage, "critical,keyCertSign");
    check(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) != 0);

    auto const leaf = draw_up("127.0.0.1", 2, key.get());
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca.get()));
    extend(leaf.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    check(X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) != 0);

    resuming_ = make_context(leaf.get(), key.get(), true);
    full_ = make_context(leaf.get(), key.get(), false);
    ca_file_ = write_pem(ca.get());
}

tls_server::~tls_server()
{
    std::error_code ignored;
    std::filesystem::remove(ca_file_, ignored);
    SSL_CTX_free(resuming_);
    SSL_CTX_free(full_);
}
