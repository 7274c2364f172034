#include "engine/net/tls.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace checkwatches::net {
namespace {

constexpr std::size_t most_peers = 4096;
constexpr std::size_t most_sessions = 4; // of one peer

// A ticket of TLS 1.3 is for one connection (RFC 8446 §C.4), and OpenSSL takes it for used up afterwards.
bool is_for_once(SSL_SESSION const* session)
{
    return SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION;
}

// OpenSSL writes with write(), which raises SIGPIPE on a connection that the peer has closed.
int send_quietly(BIO* bio, char const* data, int size)
{
    BIO_clear_retry_flags(bio);
    auto const n = ::send(
        static_cast<int>(BIO_get_fd(bio, nullptr)), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n < 0 && BIO_sock_should_retry(static_cast<int>(n)))
        BIO_set_retry_write(bio);
    return static_cast<int>(n);
}

tls_ptr<BIO_METHOD> make_io()
{
    auto const* const plain = BIO_s_socket();
    tls_ptr<BIO_METHOD> io{
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "quiet socket")};
    if (!io)
        throw std::runtime_error{"no memory for TLS"};
    BIO_meth_set_write(io.get(), &send_quietly);
    BIO_meth_set_read(io.get(), BIO_meth_get_read(plain));
    BIO_meth_set_ctrl(io.get(), BIO_meth_get_ctrl(plain));
    BIO_meth_set_create(io.get(), BIO_meth_get_create(plain));
    BIO_meth_set_destroy(io.get(), BIO_meth_get_destroy(plain));
    return io;
}

void verify_peer(SSL* ssl, std::string const& host)
{
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    auto* const parameters = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (not_an_address) {
        X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size());
        SSL_set_tlsext_host_name(ssl, host.c_str());
    }
    else {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
    }
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
}

} // namespace

void tls_free::operator()(SSL_CTX* p) const noexcept
{
    SSL_CTX_free(p);
}
void tls_free::operator()(SSL* p) const noexcept
{
    // Without a farewell said, freeing the connection would make its session useless for the next one.
    SSL_set_shutdown(p, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(p);
}
void tls_free::operator()(SSL_SESSION* p) const noexcept
{
    SSL_SESSION_free(p);
}
void tls_free::operator()(BIO_METHOD* p) const noexcept
{
    BIO_meth_free(p);
}

tls_trust::tls_trust(std::string const& ca_file)
    : io_{make_io()},
      context_{SSL_CTX_new(TLS_client_method())},
      system_pending_{ca_file.empty()}
{
    auto* const context = context_.get();
    if (!context)
        throw std::runtime_error{"no memory for TLS"};
    if (!ca_file.empty() && SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1)
        throw std::runtime_error{fmt::format("cannot load certificates from {}", ca_file)};

    static constexpr unsigned char http11[] = "\x08http/1.1";
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_alpn_protos(context, http11, sizeof http11 - 1);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_sess_set_new_cb(context, &tls_trust::keep);
}

int tls_trust::keep(SSL* ssl, SSL_SESSION* session)
{
    auto* const self = static_cast<tls_trust*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    auto const* const peer = static_cast<std::string const*>(SSL_get_app_data(ssl));
    if (!peer || SSL_SESSION_is_resumable(session) != 1)
        return 0;
    if (self->sessions_.size() >= most_peers && !self->sessions_.contains(*peer))
        self->sessions_.erase(self->sessions_.begin());
    auto& known = self->sessions_[*peer];
    if (!is_for_once(session))
        known.clear();
    else if (known.size() == most_sessions)
        known.erase(known.begin());
    known.emplace_back(session); // the reference is ours now
    return 1;
}

tls_ptr<SSL> tls_trust::open(int descriptor, std::string const& host, std::string& peer)
{
    // Where this fails no certificate is trusted, and each connection says so.
    if (std::exchange(system_pending_, false))
        SSL_CTX_set_default_verify_paths(context_.get());
    tls_ptr<SSL> ssl{SSL_new(context_.get())};
    auto* const bio = BIO_new(io_.get());
    if (!ssl || !bio) {
        BIO_free(bio);
        return nullptr;
    }
    BIO_set_fd(bio, descriptor, BIO_NOCLOSE);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_app_data(ssl.get(), &peer);
    verify_peer(ssl.get(), host);
    resume(ssl.get(), peer);
    return ssl;
}

void tls_trust::resume(SSL* ssl, std::string const& peer)
{
    auto const known = sessions_.find(peer);
    if (known == sessions_.end())
        return;
    auto& newest = known->second.back();
    SSL_set_session(ssl, newest.get());
    if (!is_for_once(newest.get()))
        return;
    known->second.pop_back();
    if (known->second.empty())
        sessions_.erase(known);
}

error tls_error(SSL const* ssl)
{
    error e{.kind = error_kind::tls_failed};
    auto const verified = SSL_get_verify_result(ssl);
    auto const code = ERR_peek_last_error();
    char const* const reason = ERR_reason_error_string(code);
    if (verified != X509_V_OK)
        e.message = fmt::format(
            "the server's certificate was refused: {}", X509_verify_cert_error_string(verified));
    else if (reason)
        e.message = fmt::format("TLS failed: {}", reason);
    else
        e.message = "the server closed the connection during TLS";
    ERR_clear_error();
    return e;
}

} // namespace checkwatches::net
