#include "engine/intake/scan/deb_changelog.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace checkwatches::intake::scan {
namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

// Perl's \s.
bool is_blank(char c) noexcept
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Reads a text by the parts of a regular expression.
class cursor {
public:
    cursor(std::string_view text, std::size_t at) : text_{text}, at_{at} {}

    std::size_t at() const noexcept { return at_; }

    bool take(char c)
    {
        bool const fits = at_ < text_.size() && text_[at_] == c;
        at_ += fits ? 1 : 0;
        return fits;
    }
    bool take_word(std::string_view word)
    {
        bool const fits = same_word(text_.substr(std::min(at_, text_.size()), word.size()), word);
        at_ += fits ? word.size() : 0;
        return fits;
    }
    // \s, at most `most` times; how often.
    std::size_t blanks(std::size_t most)
    {
        std::size_t taken = 0;
        for (; taken != most && at_ < text_.size() && is_blank(text_[at_]); ++at_)
            ++taken;
        return taken;
    }
    // \d+
    std::optional<span> number()
    {
        auto const begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_]))
            ++at_;
        return at_ == begin ? std::nullopt : std::optional{span{begin, at_}};
    }

private:
    std::string_view text_;
    std::size_t at_;
};

constexpr auto any_number = static_cast<std::size_t>(-1);

// \s*(?:bug)?\#?\s?\d+: the number, with its "#" where that stands right before it. Of the ways to match it,
// the first that does: a "bug" that no number follows is no number either.
std::optional<span> debian_number(std::string_view text, cursor& from)
{
    auto next = from;
    next.blanks(any_number);
    next.take_word("bug");
    auto const hash = next.at();
    bool const has_hash = next.take('#');
    auto const gap = next.blanks(1);
    auto number = next.number();
    if (!number || number->end > text.size())
        return std::nullopt;
    if (has_hash && gap == 0)
        number->begin = hash;
    from = next;
    return number;
}

// \s+\#\d+, or \s*\#\d+ behind a comma.
std::optional<span> launchpad_number(std::size_t fewest_blanks, cursor& from)
{
    auto next = from;
    if (next.blanks(any_number) < fewest_blanks)
        return std::nullopt;
    auto const hash = next.at();
    if (!next.take('#'))
        return std::nullopt;
    auto number = next.number();
    if (!number)
        return std::nullopt;
    number->begin = hash;
    from = next;
    return number;
}

void add(
    std::string_view text,
    span number,
    std::string_view address,
    storage::relation is,
    std::string_view by,
    bug_addresses& bugs,
    text_links& into)
{
    auto digits = text.substr(number.begin, number.end - number.begin);
    while (!digits.empty() && !is_digit(digits.front()))
        digits.remove_prefix(1);
    if (auto named = bugs.name(std::string{address} + std::string{digits}, said::as_bug))
        into.push_back(
            {.url = std::move(named->url),
             .bug = std::move(named->bug),
             .at = number.begin,
             .length = number.end - number.begin,
             .is = is,
             .by = std::string{by}});
}

bool ends_with_word(std::string_view text, std::string_view word)
{
    return text.size() >= word.size() && same_word(text.substr(text.size() - word.size()), word);
}

} // namespace

void find_closed(std::string_view text, bug_addresses& bugs, text_links& into)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const* const found = static_cast<char const*>(
            std::memchr(text.data() + at, ':', text.size() - at));
        if (found == nullptr)
            return;
        auto const colon = static_cast<std::size_t>(found - text.data());
        cursor next{text, colon + 1};
        auto const before = text.substr(0, colon);
        if (ends_with_word(before, "closes")) {
            while (auto const number = debian_number(text, next)) {
                add(text, *number, debian_bugs, storage::relation::same, "Closes", bugs, into);
                if (auto behind = next; behind.take(','))
                    next = behind;
                else
                    break;
            }
        }
        else if (ends_with_word(before, "lp")) {
            std::size_t fewest_blanks = 1;
            while (auto const number = launchpad_number(fewest_blanks, next)) {
                add(text, *number, launchpad_bugs, storage::relation::same, "LP", bugs, into);
                fewest_blanks = 0;
                if (auto behind = next; behind.take(','))
                    next = behind;
                else
                    break;
            }
        }
        at = std::max(next.at(), colon + 1);
    }
}

void find_numbers(
    std::string_view text,
    span part,
    std::string const& address,
    storage::relation is,
    std::string_view by,
    bug_addresses& bugs,
    text_links& into)
{
    auto const all = text.substr(0, part.end);
    cursor next{all, part.begin};
    std::vector<span> numbers;
    next.blanks(any_number);
    while (next.at() < all.size()) {
        auto const hash = next.at();
        next.take('#');
        auto const number = next.number();
        if (!number)
            return;
        numbers.push_back({hash, number->end});
        next.blanks(any_number);
        next.take(',');
        next.blanks(any_number);
    }
    for (auto const& one : numbers)
        add(all, one, address, is, by, bugs, into);
}

} // namespace checkwatches::intake::scan
