#include "engine/net/http_client.hpp"

#include "engine/core/ascii.hpp"
#include "engine/net/coding.hpp"
#include "engine/net/dialer.hpp"
#include "engine/net/exchange.hpp"
#include "engine/net/login.hpp"
#include "engine/net/pool.hpp"
#include "engine/net/proxy.hpp"
#include "engine/net/rate.hpp"
#include "engine/net/redirect.hpp"

#include <chrono>
#include <map>
#include <utility>

namespace checkwatches::net {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t buffer_size = 64 * 1024;
constexpr unsigned not_modified = 304;

// The time that one request has, with all its redirects. It stands still while the budget makes us wait.
struct allowance {
    steady_time begin;
    steady_time end;

    void add(steady_clock::duration waited)
    {
        begin += waited;
        end += waited;
    }
};

error about(error e, request const& rq)
{
    e.request = rq.method + " " + redacted(rq.url);
    return e;
}

// A request that was led elsewhere: what is asked for there, and how it came to that.
struct detour {
    request asks;
    redirects way;
};

} // namespace

class http_client::impl {
public:
    impl(asio::any_io_executor const& executor, settings s)
        : settings_{std::move(s)},
          buffer_(buffer_size),
          dog_{executor},
          dialer_{executor, settings_, dog_, counters_, buffer_},
          pool_{executor, settings_, dog_}
    {}

    awaitable<result<response>> send(request const& rq, cookie_jar& session)
    {
        auto const now = steady_clock::now();
        allowance time{.begin = now, .end = now + settings_.total_timeout};
        std::unique_ptr<detour> led; // few are: a place for it would only be carried along
        for (;;) {
            auto const& next = led ? led->asks : rq;
            auto reply = co_await ask(next, session, time);
            if (!lead_on(reply, rq, led))
                co_return finish(reply, next, time, led.get());
        }
    }

    void set_budget(std::string const& origin, budget_settings const& b) { pool_.set_budget(origin, b); }
    host_limits limits_of(std::string const& origin) const
    {
        auto const load = pool_.load_of(origin);
        host_limits out{.budget = load.budget, .in_use = load.in_use};
        out.wait = std::chrono::ceil<std::chrono::seconds>(load.wait);
        if (auto const told = told_.find(origin); told != told_.end())
            out.announced = told->second;
        return out;
    }
    client_counters const& counters() const noexcept { return counters_; }

private:
    // One request and its answer, within the host's budget.
    awaitable<result<raw_reply>> ask(request const& rq, cookie_jar& session, allowance& time)
    {
        auto const origin = rq.url.origin();
        auto& host = pool_.at(origin);
        auto const who = identity(rq);
        auto leave = pool_.try_enter(host, who);
        if (!leave) {
            auto const asked = steady_clock::now();
            auto waited = co_await pool_.enter(host, who);
            if (!waited)
                co_return waited.error();
            leave = std::move(*waited);
            time.add(steady_clock::now() - asked);
        }
        auto const message = write_out(rq, session);
        if (!message)
            co_return message.error();
        ++counters_.requests;
        // A kept connection may have been closed by the peer meanwhile: then the request has not been read,
        // and goes out once more.
        auto over = pool_.take(host);
        for (;;) {
            bool const kept = over != nullptr;
            if (kept) {
                over->limit().overall(time.end, settings_.total_timeout);
            }
            else {
                auto made = co_await dialer_.dial(rq.url, time.end);
                if (!made)
                    co_return made.error();
                over = std::move(*made);
            }
            bool answered = false;
            auto reply = co_await exchange(*over, rq.method, *message, settings_, buffer_, answered);
            if (kept && !reply && !answered && !over->limit().expired()) {
                over.reset();
                continue;
            }
            if (!reply)
                co_return reply;
            if (reply->keep_alive)
                recycle(host, std::move(over));
            learn(*reply, rq, session);
            if (auto const limited = heed(*reply, host, origin, who))
                co_return *limited;
            co_return reply;
        }
    }

    result<std::string> write_out(request const& rq, cookie_jar const& session) const
    {
        bool const absolute = rq.url.scheme == "http" && proxy_for(settings_.proxy, rq.url);
        auto const cookies = session.header(rq.url, utc_now());
        return carries_login(rq) ? serialize(with_login(rq), cookies, settings_.user_agent, absolute)
                                 : serialize(rq, cookies, settings_.user_agent, absolute);
    }

    void recycle(pool::host& host, std::unique_ptr<connection> c)
    {
        c->rest();
        pool_.keep(host, std::move(c));
    }

    static void learn(raw_reply const& reply, request const& rq, cookie_jar& session)
    {
        for (auto const& [name, value] : reply.headers)
            if (same_word(name, "Set-Cookie"))
                session.store(rq.url, value, utc_now());
    }

    // What is left of the host's limit, for those who want to know.
    void note(std::string const& origin, announcement const& told)
    {
        if (!told.left || (told_.size() >= most_told && !told_.contains(origin)))
            return;
        auto const now = utc_now();
        announced_limit left{.remaining = *told.left, .limit = told.limit, .at = now};
        if (told.reset)
            left.reset = now + *told.reset;
        told_[origin] = left;
    }

    // What the answer says about the next requests. An error where it says that this one was too many.
    std::optional<error>
    heed(raw_reply const& reply, pool::host& host, std::string const& origin, std::size_t who)
    {
        auto const told = read_announcement(reply.headers, utc_now());
        note(origin, told);
        auto const now = steady_clock::now();
        if (told.exhausted)
            pool_.block(host, who, now + *told.exhausted);
        else if (told.remaining)
            pool_.announce(host, who, told.remaining->left, now + told.remaining->reset);
        else if (reply.status == not_modified)
            pool_.give_back(host, who); // the host's own count says so where it tells one
        if (reply.status == 503 && told.retry_after)
            pool_.block_all(host, now + *told.retry_after);
        auto const refused = read_refusal(reply.status, told);
        if (!refused)
            return std::nullopt;
        pool_.block(host, who, now + refused->wait);
        error out{.kind = error_kind::rate_limited, .message = "the server says: too many requests"};
        if (refused->is_named)
            out.retry_after = refused->wait;
        return out;
    }

    // True: `led` says what to ask next. False: the answer is the last one, or has become the error of a
    // redirect that is not followed. (As with finish(): inlined, its locals would make each request's frame
    // larger than what allocators keep at hand.)
    [[gnu::noinline]] bool
    lead_on(result<raw_reply>& reply, request const& rq, std::unique_ptr<detour>& led) const
    {
        if (!reply || !is_redirect(reply->status))
            return false;
        if (!led)
            led = std::make_unique<detour>(rq, redirects{settings_.most_redirects});
        auto const on = led->way.follow(led->asks, reply->status, find_header(reply->headers, "Location"));
        if (!on)
            reply = on.error();
        return on && *on;
    }

    [[gnu::noinline]] result<response>
    finish(result<raw_reply>& reply, request const& rq, allowance const& time, detour const* led) const
    {
        if (!reply)
            return about(reply.error(), rq);
        auto const how = parse_coding(find_header(reply->headers, "Content-Encoding"));
        auto body = decode(how, std::move(reply->body), settings_.most_decoded);
        if (!body)
            return about(body.error(), rq);
        response out;
        out.status = reply->status;
        out.headers = std::move(reply->headers);
        out.body = std::move(*body);
        out.url = rq.url;
        if (led != nullptr)
            out.moved_to = led->way.moved_to();
        out.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - time.begin);
        return out;
    }

    static constexpr std::size_t most_told = 10'000; // origins

    settings settings_;
    client_counters counters_{};
    std::map<std::string, announced_limit> told_{}; // by origin
    std::vector<char> buffer_; // all exchanges read through it, each between two suspensions
    watchdog dog_;
    dialer dialer_;
    pool pool_;
};

http_client::http_client(asio::any_io_executor executor, settings s)
    : impl_{std::make_unique<impl>(executor, std::move(s))}
{}

http_client::~http_client() = default;

awaitable<result<response>> http_client::send(request const& rq, cookie_jar& session)
{
    return impl_->send(rq, session);
}

void http_client::set_budget(std::string const& origin, budget_settings const& b)
{
    impl_->set_budget(origin, b);
}

host_limits http_client::limits_of(std::string const& origin) const
{
    return impl_->limits_of(origin);
}

client_counters const& http_client::counters() const noexcept
{
    return impl_->counters();
}

} // namespace checkwatches::net
