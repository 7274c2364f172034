#include "storage/json_list.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace checkwatches::storage {
namespace {

void append_text(std::string& out, std::string_view text)
{
    out += '"';
    for (char const c : text) {
        if (c == '\0')
            out += "\xEF\xBF\xBD";
        else if (c == '"' || c == '\\')
            out.append({'\\', c});
        else if (static_cast<unsigned char>(c) < 0x20)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<int>(c));
        else
            out += c;
    }
    out += '"';
}

} // namespace

std::string json_list(std::vector<std::string> const& texts)
{
    std::string out{"["};
    for (auto const& text : texts) {
        if (out.size() > 1)
            out += ',';
        append_text(out, text);
    }
    return out + ']';
}

std::string json_list(std::vector<bug_id> const& ids)
{
    std::string out{"["};
    for (auto const id : ids) {
        if (out.size() > 1)
            out += ',';
        out += fmt::to_string(static_cast<std::int64_t>(id));
    }
    return out + ']';
}

std::string json_object(std::map<outcome, std::int64_t> const& counts)
{
    std::string out{"{"};
    for (auto const& [how, times] : counts)
        out += fmt::format("{}\"{}\":{}", out.size() > 1 ? "," : "", word(how), times);
    return out + '}';
}

std::map<outcome, std::int64_t> read_counts(std::string_view text)
{
    std::map<outcome, std::int64_t> out;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string_view::npos;) {
        auto const end = text.find('"', at + 1);
        if (end == std::string_view::npos || end + 2 > text.size())
            break;
        auto const how = parse_outcome(text.substr(at + 1, end - at - 1));
        std::int64_t times = 0;
        auto const number = text.substr(end + 2); // behind the colon
        auto const [stop, ec] = std::from_chars(number.data(), number.data() + number.size(), times);
        if (how && ec == std::errc{})
            out[*how] = times;
        at = end + 1;
    }
    return out;
}

} // namespace checkwatches::storage
