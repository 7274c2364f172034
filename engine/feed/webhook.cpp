#include "engine/feed/webhook.hpp"

#include "engine/feed/webhook_signature.hpp"
#include "engine/net/rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace checkwatches::feed {
namespace {

constexpr std::size_t longest_quote = 200; // bytes of an answer's body
// Where 429 does not say how long; net's client waits so long, too.
constexpr std::chrono::seconds usual_wait{60};

// Not the event's fault. What fails with 500, 501 or 505 may be: one event must not stop all that come after
// it, and of a receiver that is down the courier has few parked.
bool is_later(unsigned status)
{
    bool const may_be_the_event = status == 500 || status == 501 || status == 505;
    return status == 408 || status == 425 || status == 429 || (status >= 500 && !may_be_the_event);
}

// The beginning of what the receiver says, on one line of plain characters.
std::string quote_of(std::string_view body)
{
    std::string out;
    for (auto const c : body.substr(0, longest_quote)) {
        bool const is_plain = static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
        if (is_plain)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::string said(net::response const& answer)
{
    auto const quote = quote_of(answer.body);
    return quote.empty() ? fmt::format("HTTP status {}", answer.status)
                         : fmt::format("HTTP status {}: {}", answer.status, quote);
}

error_kind kind_of(unsigned status)
{
    switch (status) {
    case 401:
    case 403: return error_kind::forbidden;
    case 404: return error_kind::not_found;
    case 408: return error_kind::timeout;
    case 410: return error_kind::gone;
    case 429: return error_kind::rate_limited;
    case 503: return error_kind::maintenance;
    default: return error_kind::protocol_error;
    }
}

class webhook final : public sink {
public:
    webhook(webhook_settings how, net::client& over, clock const& time)
        : how_{std::move(how)},
          over_{over},
          time_{time}
    {}

    std::string const& name() const noexcept override { return how_.name; }
    std::string_view kind() const noexcept override { return "webhook"; }
    filter const& wanted() const noexcept override { return how_.wanted; }
    bool wants_checks() const noexcept override { return how_.checks; }

    awaitable<delivery> deliver(std::vector<event> events) override
    {
        delivery out;
        for (auto const& e : events) {
            auto const answer = co_await post(e.uuid, cloud_event_of(e, how_.from));
            auto const came = judge(answer);
            if (came.confirmed == 0) {
                out.trouble = came.trouble;
                out.is_refusal = came.is_refusal;
                out.is_over = came.is_over;
                break;
            }
            ++out.confirmed;
        }
        co_return out;
    }

    awaitable<result<std::string>> test() override
    {
        std::random_device chance;
        auto const id = uuid_of(fmt::format("test {:x}{:x}", chance(), chance()), event_kind::change, 0);
        auto const answer = co_await post(id, cloud_test_of(id, time_.now(), how_.from));
        auto const came = judge(answer);
        if (came.trouble)
            co_return *came.trouble;
        co_return fmt::format("{} after {} ms", said(*answer), answer->elapsed.count());
    }

private:
    awaitable<result<net::response>> post(std::string id, std::string body)
    {
        auto const now = std::chrono::floor<std::chrono::seconds>(time_.now()).time_since_epoch().count();
        auto signatures = sign(how_.key, id, now, body);
        if (how_.old_key)
            signatures += " " + sign(*how_.old_key, id, now, body);
        net::request rq{.method = "POST", .url = how_.url, .on_redirect = net::redirect_policy::ignore};
        rq.headers = {
            {"Content-Type", std::string{cloud_event_content}},
            {"webhook-id", std::move(id)},
            {"webhook-timestamp", std::to_string(now)},
            {"webhook-signature", std::move(signatures)}};
        rq.body = std::move(body);
        net::cookie_jar none; // no session: a receiver has no business with our cookies
        co_return co_await over_.send(rq, none);
    }

    delivery judge(result<net::response> const& answer) const
    {
        delivery out;
        if (!answer) {
            out.trouble = answer.error();
            if (out.trouble->kind == error_kind::rate_limited && !out.trouble->retry_after)
                out.trouble->retry_after = usual_wait;
        }
        else if (answer->status >= 200 && answer->status < 300) {
            out.confirmed = 1;
            return out;
        }
        else {
            auto const status = answer->status;
            out.trouble = error{.kind = kind_of(status), .message = said(*answer)};
            if (status >= 300 && status < 400)
                out.trouble->message += ": redirects are not followed";
            out.is_over = status == 410;
            out.is_refusal = status >= 400 && !is_later(status) && !out.is_over;
            if (is_later(status))
                out.trouble->retry_after = net::parse_retry_after(
                    net::find_header(answer->headers, "Retry-After"), time_.now());
        }
        // The rest of the address can be a secret of its own.
        out.trouble->request = "POST " + how_.url.origin();
        return out;
    }

    webhook_settings how_;
    net::client& over_;
    clock const& time_;
};

} // namespace

std::unique_ptr<sink> make_webhook(webhook_settings how, net::client& over, clock const& time)
{
    return std::make_unique<webhook>(std::move(how), over, time);
}

} // namespace checkwatches::feed
