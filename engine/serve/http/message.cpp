#include "engine/serve/http/message.hpp"

#include "engine/core/ascii.hpp"
#include "engine/serve/http/escapes.hpp"
#include "engine/serve/http/take_until.hpp"

#include <algorithm>

namespace checkwatches::serve {

std::string_view find_field(http_fields const& fields, std::string_view name) noexcept
{
    auto const found = std::ranges::find_if(fields, [&](auto const& f) { return same_word(f.first, name); });
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

std::string_view http_request::cookie(std::string_view name) const noexcept
{
    for (auto const& [field, value] : headers) {
        if (!same_word(field, "Cookie"))
            continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            auto pair = take_until(rest, ';');
            if (trimmed(take_until(pair, '=')) == name)
                return trimmed(pair);
        }
    }
    return {};
}

std::optional<http_fields> read_form(std::string_view text)
{
    http_fields out;
    while (!text.empty()) {
        auto pair = take_until(text, '&');
        if (pair.empty())
            continue;
        if (out.size() == most_form_fields)
            return std::nullopt;
        auto name = decode_escapes(take_until(pair, '='), true);
        auto value = decode_escapes(pair, true);
        if (!name || !value)
            return std::nullopt;
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

http_answer see_other(std::string location)
{
    http_answer out{.status = 303};
    out.headers = {{"Location", std::move(location)}};
    return out;
}

} // namespace checkwatches::serve
