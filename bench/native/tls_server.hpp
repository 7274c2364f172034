#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

// The server's side of TLS for a responder on 127.0.0.1: an authority and a certificate (P-256), both made
// here.
class tls_server {
public:
    tls_server();
    ~tls_server();
    tls_server(tls_server const&) = delete;
    tls_server& operator=(tls_server const&) = delete;

    // With tickets a client can resume its session; without, each handshake is a full one.
    SSL_CTX* context(bool tickets) const { return tickets ? resuming_ : full_; }

    // A PEM file with the authority's certificate, there as long as this object.
    std::string const& ca_file() const { return ca_file_; }

private:
    SSL_CTX* resuming_;
    SSL_CTX* full_;
    std::string ca_file_;
};
