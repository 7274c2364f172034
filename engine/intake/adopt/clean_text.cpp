#include "engine/intake/adopt/clean_text.hpp"

#include "adapters/wire/text.hpp"
#include "engine/core/control_characters.hpp"

#include <simdjson.h>

#include <algorithm>

namespace checkwatches::intake {
namespace {

constexpr std::size_t longest_field = 8192;
constexpr std::size_t longest_quote = 60;

std::optional<std::string> flaw_in(std::string_view text, bool (*is_bad)(char))
{
    if (text.size() > longest_field)
        return "is longer than " + std::to_string(longest_field) + " bytes";
    if (!simdjson::validate_utf8(text))
        return "is no UTF-8";
    if (std::ranges::any_of(text, is_bad))
        return "holds a control character";
    return std::nullopt;
}

} // namespace

std::optional<std::string> flaw_of(std::string_view text)
{
    return flaw_in(text, is_control);
}

std::optional<std::string> flaw_of_line(std::string_view line)
{
    return flaw_in(line, [](char c) { return c != '\t' && is_control(c); });
}

std::string fit_name(std::string_view text)
{
    constexpr std::size_t longest_name = 200;
    auto name = wire::without_controls(text.substr(0, longest_name));
    std::ranges::replace_if(name, is_control, ' ');
    return name;
}

std::string quoted_briefly(std::string_view text)
{
    auto shown = wire::without_controls(text.substr(0, longest_quote));
    return "\"" + shown + (text.size() > longest_quote ? "…\"" : "\"");
}

} // namespace checkwatches::intake
