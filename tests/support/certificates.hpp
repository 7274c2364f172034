#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace checkwatches::test {

struct openssl_free {
    void operator()(X509* p) const { X509_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};

// A key and a certificate for it, made on the spot.
struct identity {
    std::unique_ptr<EVP_PKEY, openssl_free> key;
    std::unique_ptr<X509, openssl_free> certificate;
};

inline void add_extension(X509* to, X509* issuer, int what, std::string const& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    if (!extension)
        throw std::runtime_error("certificate extension");
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
}

// A certificate for `names` ("DNS:bugs.test,IP:127.0.0.1"), or an authority's own where `by` is null; good
// until `seconds` from now.
inline identity
issue(std::string const& common_name, std::string const& names, identity const* by, long seconds = 3600)
{
    identity made{
        .key = std::unique_ptr<EVP_PKEY, openssl_free>{EVP_EC_gen("P-256")},
        .certificate = std::unique_ptr<X509, openssl_free>{X509_new()}};
    auto* const x = made.certificate.get();
    static long serial = 0;
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x), seconds);
    X509_set_pubkey(x, made.key.get());
    auto* const subject = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(common_name.c_str()), -1, -1, 0);
    auto const& issuer = by ? *by : made;
    X509_set_issuer_name(x, X509_get_subject_name(issuer.certificate.get()));
    add_extension(x, issuer.certificate.get(), NID_basic_constraints, by ? "CA:FALSE" : "critical,CA:TRUE");
    if (!names.empty())
        add_extension(x, issuer.certificate.get(), NID_subject_alt_name, names);
    X509_sign(x, issuer.key.get(), EVP_sha256());
    return made;
}

// A certificate in a PEM file of its own, as long as this lives.
class pem_file {
public:
    explicit pem_file(identity const& of)
    {
        char name[] = "/tmp/checkwatches-test-XXXXXX";
        int const descriptor = mkstemp(name);
        std::FILE* const file = descriptor < 0 ? nullptr : fdopen(descriptor, "w");
        if (!file)
            throw std::runtime_error("temporary file");
        path_ = name;
        PEM_write_X509(file, of.certificate.get());
        std::fclose(file);
    }
    pem_file(pem_file const&) = delete;
    pem_file& operator=(pem_file const&) = delete;
    ~pem_file() { std::remove(path_.c_str()); }

    std::string const& path() const { return path_; }

private:
    std::string path_;
};

} // namespace checkwatches::test
