#pragma once

#include "engine/core/error.hpp"

#include <openssl/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

// What OpenSSL declares only in its large headers.
struct ssl_session_st;
struct bio_method_st;

namespace checkwatches::net {

struct tls_free {
    void operator()(SSL_CTX* p) const noexcept;
    void operator()(SSL* p) const noexcept;
    void operator()(ssl_session_st* p) const noexcept;
    void operator()(bio_method_st* p) const noexcept;
};
template <class T>
using tls_ptr = std::unique_ptr<T, tls_free>;

// Whom we trust, and the sessions that servers offered to resume.
class tls_trust {
public:
    // The certificates in `ca_file`, or the system's where that is empty; the latter are loaded for the first
    // connection (it takes 20 ms that a pass over plain HTTP need not spend). Throws std::runtime_error where
    // the file cannot be loaded.
    explicit tls_trust(std::string const& ca_file);
    tls_trust(tls_trust const&) = delete;
    tls_trust& operator=(tls_trust const&) = delete;

    // The client's end of a TLS connection over the connected, non-blocking `descriptor`: it verifies that
    // the peer is `host` and resumes a session of `peer` ("host:port"), if any. `peer` must outlive
    // it. Null only without memory.
    tls_ptr<SSL> open(int descriptor, std::string const& host, std::string& peer);

    // A session that did not work is not tried again.
    void forget(std::string const& peer) { sessions_.erase(peer); }

private:
    static int keep(SSL* ssl, ssl_session_st* session);
    void resume(SSL* ssl, std::string const& peer);

    tls_ptr<bio_method_st> io_;
    tls_ptr<SSL_CTX> context_;
    bool system_pending_; // the system's certificates are still to be loaded
    std::map<std::string, std::vector<tls_ptr<ssl_session_st>>> sessions_; // of each peer, the newest last
};

// Why TLS failed, in OpenSSL's words; reads and clears OpenSSL's error queue. Of kind tls_failed.
error tls_error(SSL const* ssl);

} // namespace checkwatches::net
