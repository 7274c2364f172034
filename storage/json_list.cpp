#include "storage/json_list.hpp"

#include <fmt/format.h>

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

} // namespace checkwatches::storage
