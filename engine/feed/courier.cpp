#include "engine/feed/courier.hpp"

#include "engine/feed/route.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace checkwatches::feed {
namespace {

error no_sink(std::string const& name)
{
    return {.kind = error_kind::usage, .message = fmt::format("no sink \"{}\" is served", name)};
}

constexpr std::int64_t most_retried = 100'000;
constexpr std::int64_t most_tidied = 1'000; // check events in one transaction

} // namespace

class courier::impl {
public:
    impl(asio::any_io_executor executor, courier_parts parts, courier_settings settings)
        : executor_{std::move(executor)},
          parts_{std::move(parts)},
          settings_{settings},
          idle_{executor_, asio::steady_timer::time_point::max()}
    {}

    void serve(std::vector<served_sink> sinks)
    {
        if (closing_)
            return;
        std::set<std::string> wanted;
        for (auto& one : sinks) {
            auto const& name = *wanted.insert(one.to->name()).first;
            if (auto const at = routes_.find(name); at != routes_.end())
                at->second->replace(std::move(one));
            else
                add(name, std::move(one));
        }
        for (auto& [name, way] : routes_)
            if (!wanted.contains(name))
                way->dismiss();
        if (!running_)
            std::erase_if(routes_, [](auto const& one) { return one.second->is_dismissed(); });
        is_new_ = true;
        idle_.cancel();
    }

    awaitable<void> prepare()
    {
        co_await keep_checks();
        for (auto const& [name, way] : routes_)
            co_await way->load();
    }

    awaitable<void> run() { return run_all(route::errand::stay, asio::steady_timer::duration::max()); }
    awaitable<void> run_once(clock::duration most) { return run_all(route::errand::once, most); }

    void close()
    {
        closing_ = true;
        for (auto& [name, way] : routes_)
            way->dismiss();
        idle_.cancel();
    }

    void look()
    {
        for (auto& [name, way] : routes_)
            way->look();
    }

    awaitable<result<std::int64_t>> retry(std::string sink, std::optional<std::int64_t> id)
    {
        auto const at = routes_.find(sink);
        if (at == routes_.end())
            co_return no_sink(sink);
        auto question = [sink, id](storage::reader const& in) {
            auto all = in.parked(sink, most_retried);
            if (id)
                std::erase_if(all, [id](auto const& one) { return one.id != *id; });
            return all;
        };
        auto found = co_await parts_.reader.run(std::move(question));
        if (!found)
            co_return found.error();
        if (id && found->empty())
            co_return error{
                .kind = error_kind::usage,
                .message = fmt::format("no event {} is parked for the sink \"{}\"", *id, sink)};
        auto const n = static_cast<std::int64_t>(found->size());
        auto work = [all = std::move(*found)](storage::store& to) {
            for (auto one : all) {
                one.tries = 0;
                to.park(one);
            }
        };
        auto const written = co_await parts_.writer.run(std::move(work));
        if (!written)
            co_return written.error();
        if (auto const way = routes_.find(sink); way != routes_.end())
            way->second->retry();
        co_return n;
    }

    awaitable<result<void>> skip(std::string sink)
    {
        if (!routes_.contains(sink))
            co_return no_sink(sink);
        auto const known = co_await read_record(sink);
        if (!known)
            co_return known.error();
        if (!*known || (*known)->trouble.empty())
            co_return error{
                .kind = error_kind::usage,
                .message = fmt::format("the sink \"{}\" is in no trouble: there is nothing to skip", sink)};
        if (auto const way = routes_.find(sink); way != routes_.end())
            way->second->skip();
        co_return result<void>{};
    }

    awaitable<result<void>> drop(std::string sink)
    {
        if (routes_.contains(sink))
            co_return error{
                .kind = error_kind::usage,
                .message = fmt::format("the sink \"{}\" is in the configuration: take it out first", sink)};
        auto const known = co_await read_record(sink);
        if (!known)
            co_return known.error();
        if (!*known)
            co_return error{
                .kind = error_kind::usage, .message = fmt::format("there is no sink \"{}\"", sink)};
        auto work = [sink](storage::store& to) { to.drop_sink(sink); };
        co_return co_await parts_.writer.run(std::move(work));
    }

    std::shared_ptr<sink> find(std::string const& name) const
    {
        auto const at = routes_.find(name);
        return at == routes_.end() || at->second->is_dismissed() ? nullptr : at->second->to();
    }

    std::vector<std::string> served() const
    {
        std::vector<std::string> names;
        for (auto const& [name, way] : routes_)
            if (!way->is_dismissed())
                names.push_back(name);
        return names;
    }

private:
    awaitable<result<std::optional<storage::sink_record>>> read_record(std::string name)
    {
        auto question = [name = std::move(name)](storage::reader const& in) {
            std::optional<storage::sink_record> found;
            for (auto& one : in.sinks())
                if (one.name == name)
                    found = std::move(one);
            return found;
        };
        co_return co_await parts_.reader.run(std::move(question));
    }

    void add(std::string const& name, served_sink one)
    {
        auto& way = routes_[name];
        way = std::make_unique<route>(parts_, settings_, std::move(one));
        if (running_)
            begin(*way, name);
    }

    void begin(route& way, std::string const& name)
    {
        ++under_way_;
        auto ended = [this, name](std::exception_ptr failure) { end(name, failure); };
        asio::co_spawn(
            executor_, way.run(errand_), asio::bind_cancellation_slot(way.stop.slot(), std::move(ended)));
    }

    void end(std::string const& name, std::exception_ptr const& failure)
    {
        --under_way_;
        try {
            if (failure)
                std::rethrow_exception(failure);
        }
        catch (boost::system::system_error const& why) {
            if (why.code() != asio::error::operation_aborted)
                tell_end(name, why.what());
        }
        catch (std::exception const& why) {
            tell_end(name, why.what());
        }
        auto const at = routes_.find(name);
        if (at->second->is_dismissed() || closing_ || failure)
            routes_.erase(at);
        else if (errand_ == route::errand::stay)
            begin(*at->second, name); // it was replaced when it had just ended
        if (under_way_ == 0)
            idle_.cancel();
    }

    void tell_end(std::string const& name, std::string_view why)
    {
        parts_.log.write(log_level::error, "a sink is not served any more", {{"sink", name}, {"why", why}});
    }

    // However it ends, no route is left under way.
    awaitable<void> run_all(route::errand how, asio::steady_timer::duration most)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        errand_ = how;
        is_new_ = false;
        co_await keep_checks();
        running_ = !closing_;
        if (running_)
            for (auto& [name, way] : routes_)
                begin(*way, name);
        auto const until = most == asio::steady_timer::duration::max()
                               ? asio::steady_timer::time_point::max()
                               : asio::steady_timer::clock_type::now() + most;
        bool cancelled = false;
        while (!closing_ && !cancelled) {
            if (how == route::errand::once
                && (under_way_ == 0 || asio::steady_timer::clock_type::now() >= until))
                break;
            if (how == route::errand::stay) {
                if (std::exchange(is_new_, false))
                    co_await keep_checks();
                co_await tidy_checks();
                if (closing_ || is_new_)
                    continue;
            }
            idle_.expires_at(std::min(until, asio::steady_timer::clock_type::now() + settings_.look_every));
            co_await idle_.async_wait(use_tuple);
            auto const state = co_await asio::this_coro::cancellation_state;
            cancelled = state.cancelled() != asio::cancellation_type::none;
        }
        close();
        running_ = false;
        auto const last = asio::steady_timer::clock_type::now() + settings_.linger;
        while (how == route::errand::stay && !cancelled && under_way_ != 0
               && asio::steady_timer::clock_type::now() < last) {
            idle_.expires_at(last);
            co_await idle_.async_wait(use_tuple);
        }
        cut_off();
        while (under_way_ != 0) {
            idle_.expires_at(asio::steady_timer::time_point::max());
            co_await idle_.async_wait(use_tuple);
        }
        co_await asio::this_coro::throw_if_cancelled(true);
    }

    bool wants_checks() const
    {
        return std::ranges::any_of(
            routes_, [](auto const& one) { return one.second->has_checks_up_to().has_value(); });
    }

    // Check events are written only while somebody wants them.
    awaitable<void> keep_checks()
    {
        bool const wanted = wants_checks();
        is_tidy_ = is_tidy_ && !wanted;
        auto work = [wanted](storage::store& to) { to.keep_check_events(wanted); };
        co_await write_checks(std::move(work));
    }

    // Removes the check events that all who want any have; all of them where nobody does.
    awaitable<void> tidy_checks()
    {
        if (!wants_checks() && std::exchange(is_tidy_, true))
            co_return;
        auto up_to = std::numeric_limits<std::int64_t>::max();
        for (auto const& [name, way] : routes_)
            up_to = std::min(up_to, way->has_checks_up_to().value_or(up_to));
        std::int64_t gone = most_tidied;
        while (gone == most_tidied && !closing_) {
            auto const count = std::make_shared<std::int64_t>(0);
            auto work = [count, up_to](storage::store& to) {
                *count = to.drop_check_events(up_to, most_tidied);
            };
            co_await write_checks(std::move(work));
            gone = *count;
        }
    }

    awaitable<void> write_checks(std::function<void(storage::store&)> work)
    {
        auto const written = co_await parts_.writer.run(std::move(work));
        if (!written)
            parts_.log.write(
                log_level::error, "cannot tidy check events", {{"why", to_string(written.error())}});
    }

    void cut_off()
    {
        std::vector<asio::cancellation_signal*> all; // one that ends leaves the map
        all.reserve(routes_.size());
        for (auto& [name, way] : routes_)
            all.push_back(&way->stop);
        for (auto* const one : all)
            one->emit(asio::cancellation_type::terminal);
    }

    asio::any_io_executor executor_;
    courier_parts parts_;
    courier_settings settings_;
    asio::steady_timer idle_; // rings when the last route has ended, or all are to
    std::map<std::string, std::unique_ptr<route>> routes_{};
    route::errand errand_ = route::errand::stay;
    std::size_t under_way_ = 0;
    bool running_ = false;
    bool is_new_ = false;  // what is to be served
    bool is_tidy_ = false; // nobody wants check events, and there are none
    bool closing_ = false;
};

courier::courier(asio::any_io_executor executor, courier_parts parts, courier_settings settings)
    : impl_{std::make_unique<impl>(std::move(executor), std::move(parts), settings)}
{}
courier::~courier() = default;

void courier::serve(std::vector<served_sink> sinks)
{
    impl_->serve(std::move(sinks));
}
awaitable<void> courier::prepare()
{
    return impl_->prepare();
}
awaitable<void> courier::run()
{
    return impl_->run();
}
awaitable<void> courier::run_once(clock::duration most)
{
    return impl_->run_once(most);
}
void courier::close()
{
    impl_->close();
}
void courier::changes_were_made()
{
    impl_->look();
}
awaitable<result<std::int64_t>> courier::retry(std::string sink, std::optional<std::int64_t> id)
{
    return impl_->retry(std::move(sink), id);
}
awaitable<result<void>> courier::skip(std::string sink)
{
    return impl_->skip(std::move(sink));
}
awaitable<result<void>> courier::drop(std::string sink)
{
    return impl_->drop(std::move(sink));
}
std::shared_ptr<sink> courier::find(std::string const& sink) const
{
    return impl_->find(sink);
}
std::vector<std::string> courier::served() const
{
    return impl_->served();
}

} // namespace checkwatches::feed
