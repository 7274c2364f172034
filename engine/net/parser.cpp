#include "engine/net/parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace checkwatches::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;

// A server that sends more interim answers than this before the real one is not answering.
constexpr int most_interim = 16;

std::string text(string_view s)
{
    return {s.data(), s.size()};
}

// Beast's parser writing into our own words.
class message final : public http::basic_parser<false> {
public:
    raw_reply reply{};

private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int status, string_view, int, error_code&) override
    {
        reply.status = static_cast<unsigned>(status);
    }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override
    {
        constexpr std::size_t usual = 16;
        if (reply.headers.empty())
            reply.headers.reserve(usual);
        if (!in_body_)
            reply.headers.emplace_back(text(name), text(value));
    }
    void on_header_impl(error_code&) override { in_body_ = true; } // what comes as a trailer is dropped
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override
    {
        // Beast has checked the length against the limit; it is still only the server's word.
        constexpr std::uint64_t most_reserved = 256 * 1024;
        reply.body.reserve(static_cast<std::size_t>(std::min(length.value_or(0), most_reserved)));
    }
    std::size_t on_body_impl(string_view piece, error_code&) override
    {
        reply.body.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code& ec) override
    {
        return on_body_impl(piece, ec);
    }
    void on_finish_impl(error_code&) override {}

    bool in_body_ = false;
};

} // namespace

class reply_parser::impl {
public:
    impl(settings const& limits, std::string_view to_method)
        : limits_{limits},
          no_body_{to_method == "HEAD" || to_method == "CONNECT"}
    {
        begin();
    }

    result<void> put(std::string_view bytes)
    {
        // Beast wants a header, and the head of a chunk, in one piece: what it leaves is put before the next
        // bytes.
        if (!carry_.empty()) {
            carry_.append(bytes);
            bytes = carry_;
        }
        while (!bytes.empty() && !finished_ && !is_too_short(bytes)) {
            error_code ec;
            auto const used = message_->put(asio::const_buffer{bytes.data(), bytes.size()}, ec);
            bytes.remove_prefix(used);
            if (ec && ec != http::error::need_more)
                return translate(ec);
            if (auto const ok = settle(); !ok)
                return ok;
            if (used == 0)
                break;
        }
        if (bytes.size() > limits_.most_header)
            return translate(http::error::header_limit);
        carry_ = std::string{bytes};
        return result<void>{};
    }

    result<void> put_end()
    {
        error_code ec;
        if (message_->got_some())
            message_->put_eof(ec);
        else
            ec = http::error::partial_message;
        if (ec)
            return translate(ec);
        if (auto const ok = settle(); !ok)
            return ok;
        // An interim answer was all that came.
        if (!finished_)
            return translate(http::error::partial_message);
        return result<void>{};
    }

    bool done() const noexcept { return finished_; }

    raw_reply take()
    {
        auto out = std::move(message_->reply);
        // Bytes behind the answer belong to nothing that was asked.
        out.keep_alive = message_->keep_alive() && carry_.empty();
        return out;
    }

private:
    // Beast asserts that the last chunk does not come in pieces shorter than itself. A chunked body always
    // ends in so many bytes, so waiting for them holds nothing back.
    bool is_too_short(std::string_view bytes) const
    {
        constexpr std::string_view last_chunk = "0\r\n\r\n";
        return bytes.size() < last_chunk.size() && message_->is_header_done() && message_->chunked();
    }

    void begin()
    {
        message_.emplace();
        message_->eager(true);
        message_->skip(no_body_);
        message_->body_limit(limits_.most_body);
        message_->header_limit(static_cast<std::uint32_t>(
            std::min<std::size_t>(limits_.most_header, std::numeric_limits<std::uint32_t>::max())));
    }

    result<void> settle()
    {
        if (!message_->is_done())
            return result<void>{};
        if (message_->reply.status >= 200) {
            finished_ = true;
            return result<void>{};
        }
        if (message_->reply.status == 101 || ++interim_ > most_interim)
            return error{
                .kind = error_kind::protocol_error, .message = "the server sent interim answers only"};
        begin();
        return result<void>{};
    }

    error translate(error_code ec) const
    {
        if (ec == http::error::body_limit)
            return error{
                .kind = error_kind::too_large,
                .message = fmt::format("the answer is longer than {} bytes", limits_.most_body)};
        if (ec == http::error::header_limit)
            return error{
                .kind = error_kind::too_large,
                .message = fmt::format("the answer's header is longer than {} bytes", limits_.most_header)};
        if (ec == http::error::partial_message || ec == http::error::end_of_stream)
            return error{.kind = error_kind::protocol_error, .message = "the answer was cut short"};
        return error{.kind = error_kind::protocol_error, .message = "the answer is not HTTP", .cause = ec};
    }

    settings const& limits_;
    bool no_body_;
    std::optional<message> message_;
    std::string carry_;
    int interim_ = 0;
    bool finished_ = false;
};

reply_parser::reply_parser(settings const& limits, std::string_view to_method)
    : impl_{std::make_unique<impl>(limits, to_method)}
{}

reply_parser::~reply_parser() = default;

result<void> reply_parser::put(std::string_view bytes)
{
    return impl_->put(bytes);
}
result<void> reply_parser::put_end()
{
    return impl_->put_end();
}
bool reply_parser::done() const noexcept
{
    return impl_->done();
}
raw_reply reply_parser::take()
{
    return impl_->take();
}

} // namespace checkwatches::net
