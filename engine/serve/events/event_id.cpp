#include "engine/serve/events/event_id.hpp"

#include "engine/serve/http/take_until.hpp"

#include <charconv>

namespace checkwatches::serve {
namespace {

std::optional<std::int64_t> read_number(std::string_view text)
{
    std::int64_t out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc{} || end != text.data() + text.size() || out < 0)
        return std::nullopt;
    return out;
}

} // namespace

std::string text_of(event_id const& id)
{
    auto out = std::to_string(id.change);
    out.append("-").append(std::to_string(id.start)).append("-").append(std::to_string(id.sequence));
    return out;
}

std::optional<event_id> read_event_id(std::string_view text)
{
    if (auto const change = read_number(text))
        return event_id{.change = *change};
    auto const change = read_number(take_until(text, '-'));
    auto const start = read_number(take_until(text, '-'));
    auto const sequence = read_number(text);
    if (!change || !start || !sequence)
        return std::nullopt;
    return event_id{*change, *start, *sequence};
}

} // namespace checkwatches::serve
