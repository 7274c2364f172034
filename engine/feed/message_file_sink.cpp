#include "engine/feed/message_file_sink.hpp"

#include "engine/feed/work_thread.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace checkwatches::feed {
namespace {

constexpr std::chrono::milliseconds most_tending{10'000};
constexpr std::chrono::milliseconds least_tending{100};

class message_file_sink final : public sink {
public:
    explicit message_file_sink(message_file_sink_settings how)
        : how_{std::move(how)},
          thread_{
              std::make_unique<message_file>(how_.files),
              std::clamp<std::chrono::milliseconds>(how_.files.age / 4, least_tending, most_tending)}
    {}

    std::string const& name() const noexcept override { return how_.files.name; }
    std::string_view kind() const noexcept override { return "file"; }
    filter const& wanted() const noexcept override { return how_.wanted; }
    bool wants_checks() const noexcept override { return how_.wants_checks; }
    std::size_t batch() const noexcept override { return how_.batch; }

    awaitable<delivery> deliver(std::vector<event> events) override
    {
        std::string lines;
        auto const now = utc_now();
        for (auto const& e : events)
            lines += line_of(make_message(e, how_.messages, now));
        auto work = [lines = std::move(lines)](message_file& to) { return to.append(lines); };
        auto const done = co_await thread_.run(std::move(work));
        if (!done)
            co_return delivery{.trouble = done.error()};
        co_return delivery{.confirmed = events.size()};
    }

private:
    message_file_sink_settings const how_;
    work_thread<message_file> thread_;
};

} // namespace

std::unique_ptr<sink> make_message_file_sink(message_file_sink_settings how)
{
    return std::make_unique<message_file_sink>(std::move(how));
}

} // namespace checkwatches::feed
