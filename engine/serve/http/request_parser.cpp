#include "engine/serve/http/request_parser.hpp"

#include "engine/core/ascii.hpp"
#include "engine/serve/http/escapes.hpp"
#include "engine/serve/http/request_rules.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::serve {
namespace {

namespace http = boost::beast::http;
namespace asio = boost::asio;
using boost::beast::string_view;
using boost::system::error_code;

constexpr std::string_view header_end = "\r\n\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string text(string_view s)
{
    return {s.data(), s.size()};
}

// Beast's parser writing into our own words.
class message final : public http::basic_parser<true> {
public:
    http_fields headers{};
    std::string body{};

private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override
    {
        if (!in_body_)
            headers.emplace_back(text(name), text(value));
    }
    void on_header_impl(error_code&) override { in_body_ = true; } // what comes as a trailer is dropped
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view piece, error_code&) override
    {
        body.append(piece.data(), piece.size());
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

class request_parser::impl {
public:
    explicit impl(request_bounds const& bounds) : bounds_{bounds} {}

    std::size_t put(std::string_view bytes)
    {
        std::size_t taken = 0;
        if (!has_header_)
            taken = put_header(bytes);
        if (has_header_ && !refused_ && !message_.is_done())
            taken += put_body(bytes.substr(taken));
        return taken;
    }

    bool is_whole() const noexcept { return has_header_ && !refused_ && message_.is_done(); }
    std::optional<refusal> const& refused() const noexcept { return refused_; }
    bool has_begun() const noexcept { return has_header_ || !carry_.empty(); }
    bool wants_continue() const noexcept
    {
        return has_header_ && !refused_ && !message_.is_done() && expects_ && carry_.empty()
               && message_.body.empty();
    }
    bool is_http_11() const noexcept { return is_http_11_; }
    bool is_head() const noexcept { return is_head_; }
    bool keeps_alive() const noexcept { return has_header_ && message_.keep_alive(); }

    http_request take()
    {
        rq_.headers = std::move(message_.headers);
        rq_.body = std::move(message_.body);
        return std::move(rq_);
    }

private:
    std::size_t put_header(std::string_view bytes)
    {
        if (refused_)
            return 0;
        auto const skipped = skip_empty_line(bytes);
        bytes.remove_prefix(skipped);
        if (bytes.empty() || refused_)
            return skipped;
        auto const before = carry_.size();
        // The end of the header may have begun in an earlier piece.
        auto const from = before < header_end.size() ? 0 : before - header_end.size() + 1;
        carry_.append(bytes.substr(0, bounds_.most_header + 1 - std::min(before, bounds_.most_header)));
        auto const found = carry_.find(header_end, from);
        if (found != std::string::npos)
            carry_.resize(found + header_end.size());
        auto const taken = skipped + carry_.size() - before;
        refused_ = bytes_.put(std::string_view{carry_}.substr(before));
        if (refused_)
            return taken;
        if (found == std::string::npos)
            refused_ = check_length();
        else
            refused_ = read_header();
        return taken;
    }

    // One empty line before the request is no more than a slip of the client (RFC 9112 §2.2). How much of it
    // `bytes` begin with.
    std::size_t skip_empty_line(std::string_view bytes)
    {
        constexpr std::string_view line_end = "\r\n";
        if (!carry_.empty())
            return 0;
        std::size_t count = 0;
        for (; count != bytes.size() && skipped_ != line_end.size() && bytes[count] == line_end[skipped_];
             ++count)
            ++skipped_;
        if (skipped_ == 1 && count != bytes.size())
            refused_ = refusal{400, "a line of the header does not end in CR LF"};
        return count;
    }

    std::optional<refusal> check_length() const
    {
        bool const in_first_line = carry_.find('\n') == std::string::npos;
        constexpr std::size_t rest_of_line = 32; // the method, the version and what is between
        if (in_first_line && carry_.size() > bounds_.most_target + rest_of_line)
            return refusal{414, fmt::format("the target is longer than {} bytes", bounds_.most_target)};
        if (carry_.size() > bounds_.most_header)
            return refusal{431, fmt::format("the header is longer than {} bytes", bounds_.most_header)};
        return std::nullopt;
    }

    std::optional<refusal> read_header()
    {
        auto const header = std::exchange(carry_, {});
        auto const line = read_request_line(
            std::string_view{header}.substr(0, header.find('\r')), bounds_.most_target);
        if (!line)
            return line.error();
        if (header.size() > bounds_.most_header)
            return refusal{431, fmt::format("the header is longer than {} bytes", bounds_.most_header)};
        if (!is_utf8(header))
            return refusal{400, "the header is no UTF-8"};
        is_http_11_ = line->version == "HTTP/1.1";
        is_head_ = line->method == "HEAD";
        auto target = read_target(line->target, bounds_.most_arguments);
        if (!target)
            return target.error();

        message_.eager(true);
        message_.body_limit(bounds_.most_body);
        message_.header_limit(static_cast<std::uint32_t>(bounds_.most_header + 1));
        error_code ec;
        message_.put(asio::const_buffer{header.data(), header.size()}, ec);
        if (auto const wrong = check_fields(message_.headers, is_http_11_); wrong && !is_syntax(ec))
            return wrong;
        if (ec && ec != http::error::need_more)
            return translate(ec);
        auto const host = find_field(message_.headers, "Host");
        if (!target->authority.empty() && !same_word(target->authority, host))
            return refusal{400, "the target names another host than Host"};

        expects_ = is_http_11_ && !find_field(message_.headers, "Expect").empty();
        rq_.method = is_head_ ? "GET" : std::string{line->method};
        rq_.path = std::move(target->path);
        rq_.parts = std::move(target->parts);
        rq_.query = std::move(target->query);
        has_header_ = true;
        return std::nullopt;
    }

    // The fields before the one that Beast did not take are there; whether more is wrong is not known.
    static bool is_syntax(error_code ec)
    {
        return ec && ec != http::error::need_more && ec != http::error::body_limit;
    }

    std::size_t put_body(std::string_view bytes)
    {
        carry_.append(bytes);
        std::string_view rest = carry_;
        while (!message_.is_done() && !is_too_short(rest)) {
            error_code ec;
            auto const before = message_.body.size();
            auto const used = message_.put(asio::const_buffer{rest.data(), rest.size()}, ec);
            rest.remove_prefix(used);
            framing_ += used - (message_.body.size() - before);
            if (ec && ec != http::error::need_more)
                refused_ = translate(ec);
            if (used == 0 || refused_)
                break;
        }
        bool const is_done = message_.is_done();
        // The heads of chunks and the trailer are bounded as a header is, in whatever pieces they come. Of
        // what is left some bytes may be the body's where the end is not known yet.
        auto const framing = is_done ? framing_
                                     : framing_ + rest.size() - std::min(rest.size(), last_chunk.size());
        if (!refused_ && framing > bounds_.most_header)
            refused_ = translate(http::error::header_limit);
        auto const taken = is_done ? bytes.size() - std::min(rest.size(), bytes.size()) : bytes.size();
        carry_.erase(0, carry_.size() - rest.size());
        return taken;
    }

    // Beast asserts that the last chunk does not come in pieces shorter than itself. A chunked body always
    // ends in so many bytes, so waiting for them holds nothing back.
    bool is_too_short(std::string_view bytes) const
    {
        return bytes.empty() || (message_.chunked() && bytes.size() < last_chunk.size());
    }

    refusal translate(error_code ec) const
    {
        if (ec == http::error::body_limit)
            return {413, fmt::format("the body is longer than {} bytes", bounds_.most_body)};
        if (ec == http::error::header_limit)
            return {431, fmt::format("the header is longer than {} bytes", bounds_.most_header)};
        return {400, "that is no request: " + ec.message()};
    }

    request_bounds const& bounds_;
    header_bytes bytes_;
    std::string carry_; // what Beast has not taken yet
    message message_;
    http_request rq_;
    std::optional<refusal> refused_;
    std::size_t framing_ = 0; // bytes of a chunked body that are not the body's
    std::size_t skipped_ = 0; // bytes of the empty line before the request
    bool has_header_ = false;
    bool is_http_11_ = false;
    bool is_head_ = false;
    bool expects_ = false;
};

request_parser::request_parser(request_bounds const& bounds) : impl_{std::make_unique<impl>(bounds)} {}
request_parser::~request_parser() = default;

std::size_t request_parser::put(std::string_view bytes)
{
    return impl_->put(bytes);
}
bool request_parser::is_whole() const noexcept
{
    return impl_->is_whole();
}
std::optional<refusal> const& request_parser::refused() const noexcept
{
    return impl_->refused();
}
bool request_parser::has_begun() const noexcept
{
    return impl_->has_begun();
}
bool request_parser::wants_continue() const noexcept
{
    return impl_->wants_continue();
}
bool request_parser::is_http_11() const noexcept
{
    return impl_->is_http_11();
}
bool request_parser::is_head() const noexcept
{
    return impl_->is_head();
}
bool request_parser::keeps_alive() const noexcept
{
    return impl_->keeps_alive();
}
http_request request_parser::take()
{
    return impl_->take();
}

} // namespace checkwatches::serve
