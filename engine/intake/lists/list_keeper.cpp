#include "engine/intake/lists/list_keeper.hpp"

#include "storage/database_error.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::intake {
namespace {

constexpr std::chrono::seconds first_delay{60};
constexpr std::chrono::hours most_delay{12};

} // namespace

list_keeper::list_keeper(keeper_parts const& parts, std::unique_ptr<storage::reader> read)
    : parts_{parts},
      folder_{parts.executor},
      book_{parts.database, parts.kinds},
      thread_{std::move(read)}
{}

void list_keeper::configure(list_settings settings)
{
    settings_ = std::move(settings);
}

awaitable<result<look_report>> list_keeper::look(bool settle, std::string force)
{
    auto work = [this, settings = settings_, now = parts_.time.now(), settle, force = std::move(force)](
                    storage::reader const& in) {
        // Before the folder is read: what comes behind that is told.
        if (settings.enabled)
            folder_.follow(lists_folder(settings, parts_.database));
        return book_.look(in, settings, now, settle, force);
    };
    co_return co_await thread_.run(std::move(work));
}

awaitable<result<put_report>>
list_keeper::put(std::string name, list_format format, std::string text, bool force)
{
    auto work = [this,
                 settings = settings_,
                 now = parts_.time.now(),
                 name = std::move(name),
                 format,
                 text = std::move(text),
                 force](storage::reader const& in) {
        return book_.put(in, settings, now, name, format, text, force);
    };
    co_return co_await thread_.run(std::move(work));
}

awaitable<result<look_report>> list_keeper::drop(std::string name)
{
    auto work = [this, settings = settings_, now = parts_.time.now(), name = std::move(name)](
                    storage::reader const& in) { return book_.drop(in, settings, now, name); };
    co_return co_await thread_.run(std::move(work));
}

awaitable<result<list_keeper::met>>
list_keeper::meet_waiting(std::vector<credential> credentials, std::chrono::seconds capabilities_last)
{
    auto find = [&kinds = parts_.kinds, later = put_off_now()](storage::reader const& in) {
        return find_waiting(in, kinds, later);
    };
    auto waiting = co_await thread_.run(std::move(find));
    if (!waiting)
        co_return waiting.error();
    if (waiting->entries.empty())
        co_return met{};
    co_await prove_all(waiting->fresh, parts_.over, credentials);
    put_off_all(waiting->fresh);
    met out{.more = waiting->more};
    auto settle = [waiting = std::move(*waiting),
                   &kinds = parts_.kinds,
                   path = parts_.database,
                   now = parts_.time.now(),
                   capabilities_last](storage::reader const& in) {
        auto to = storage::store::open(path);
        if (!to)
            throw storage::database_error{to.error()};
        return settle_waiting(
            {.read = in, .write = **to, .kinds = kinds, .now = now}, capabilities_last, waiting);
    };
    auto done = co_await thread_.run(std::move(settle));
    if (!done)
        co_return done.error();
    out.news = std::move(*done);
    co_return out;
}

std::set<std::string> list_keeper::put_off_now() const
{
    std::set<std::string> out;
    for (auto const& [key, one] : put_off_)
        if (one.until > parts_.time.now())
            out.insert(key);
    return out;
}

void list_keeper::put_off_all(newcomers const& asked)
{
    auto const now = parts_.time.now();
    for (auto const& [key, one] : asked) { // one that was proved is known from now on, and not asked
        if (put_off_.size() >= most_put_off)
            std::erase_if(put_off_, [&](auto const& each) {
                return each.second.until <= now && !asked.contains(each.first);
            });
        auto& wait = put_off_[key];
        wait.delay = std::clamp(2 * wait.delay, first_delay, std::chrono::seconds{most_delay});
        wait.until = now + wait.delay;
    }
}

} // namespace checkwatches::intake
