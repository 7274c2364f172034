#include "engine/core/toml_hazard.hpp"

#include "engine/core/control_characters.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace checkwatches {
namespace {

constexpr std::size_t most_dots = 15;            // of a key
constexpr std::size_t most_dots_of_all = 10'000; // of all keys of a text
constexpr std::size_t most_lists = 1'000;        // of tables, of different names

bool is_beyond_ascii(char c) noexcept
{
    return static_cast<unsigned char>(c) > 0x7f;
}

bool begins_key(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
           || c == '"' || c == '\'';
}

// Goes over a text as far as it is TOML, and knows what is string, comment, list and table there. Behind the
// first mistake the library reads no further.
class scanner {
public:
    explicit scanner(std::string_view text) noexcept : text_{text} {}

    // The first hazard's offset; the text's size where there is none.
    std::size_t run()
    {
        while (at_ < text_.size()) {
            char const c = text_[at_];
            if (is_control_in_text(c) || is_beyond_ascii(c) || (c == '[' && is_bad_table()))
                return at_;
            if (c == '=' && assigned_)
                return at_;
            if (c == '}' && !open_.empty() && open_.back() == '[')
                return at_;
            if (!is_bounded(c))
                return at_;
            if (c == '"' || c == '\'') {
                if (!may_begin_string() || !pass_string(c))
                    return at_;
            }
            else if (c == '#') {
                if (!pass_to('\n'))
                    return at_;
            }
            else {
                note(c);
                ++at_;
            }
        }
        return at_;
    }

    // What is wrong there.
    std::string_view what() const noexcept { return what_; }

private:
    char peek(std::size_t ahead = 0) const noexcept
    {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void note(char c)
    {
        bool const in_table = !open_.empty() && open_.back() == '{';
        if (c == '=' || c == '}')
            assigned_ = true;
        else if ((c == '\n' && open_.empty()) || (in_value_ && c == '{') || (in_table && c == ','))
            begin_key();

        if (c == '\n' && open_.empty())
            in_value_ = false;
        else if (c == '=')
            in_value_ = true;
        else if (in_value_ && (c == '[' || c == '{'))
            open_ += c;
        else if (!open_.empty() && (c == ']' || c == '}'))
            open_.pop_back();
    }

    // False: there are more tables than anybody writes by hand.
    bool is_bounded(char c)
    {
        if (c == '.' && !assigned_ && (++dots_ > most_dots || ++dots_of_all_ > most_dots_of_all)) {
            what_ = "the keys have too many parts";
            return false;
        }
        if (c == '[' && !in_value_ && peek(1) == '[' && is_other_list() && ++lists_ > most_lists) {
            what_ = "there are too many lists of tables";
            return false;
        }
        return true;
    }

    // Whether the "[[" here begins another list than the last one did, as far as one sees at a glance.
    bool is_other_list()
    {
        constexpr std::size_t a_glance = 256;
        auto const rest = text_.substr(at_, a_glance);
        auto const name = rest.substr(0, rest.find_first_of("#\n"));
        bool const is_same = name == last_list_ && name.size() != a_glance
                             && name.find_first_of("\"'") == std::string_view::npos;
        last_list_ = name;
        return !is_same;
    }

    void begin_key()
    {
        assigned_ = false;
        dots_ = 0;
    }

    // A quote behind other characters is none of a string's, but part of a word that is no TOML.
    bool may_begin_string() const noexcept
    {
        constexpr std::string_view before = " \t\r\n=[{,.";
        return at_ == 0 || before.find(text_[at_ - 1]) != std::string_view::npos;
    }

    bool is_bad_table() const noexcept
    {
        if (in_value_)
            return false;
        auto const first = at_ + (peek(1) == '[' ? 2 : 1);
        auto const key = text_.find_first_not_of(" \t", first);
        return key == std::string_view::npos || (!begins_key(text_[key]) && text_[key] != ']');
    }

    // Goes to the next of `end`, or to the end of the text; false: a control character comes before it.
    bool pass_to(char end) noexcept
    {
        for (; at_ < text_.size() && text_[at_] != end; ++at_)
            if (is_control_in_text(text_[at_]))
                return false;
        return true;
    }

    bool opens_three(char quote) const noexcept
    {
        return peek() == quote && peek(1) == quote && peek(2) == quote;
    }

    // Goes behind the string that begins here; false: a control character is in it.
    bool pass_string(char quote) noexcept
    {
        bool const is_long = opens_three(quote);
        at_ += is_long ? 3 : 1;
        while (at_ < text_.size()) {
            char const c = text_[at_];
            if (is_control_in_text(c))
                return false;
            if (c == '\n' && !is_long)
                return true; // a mistake
            if (is_long && opens_three(quote)) {
                at_ += 3;
                for (int more = 0; more != 2 && peek() == quote; ++more)
                    ++at_;
                return true;
            }
            ++at_;
            if (c == quote && !is_long)
                return true;
            if (c == '\\' && quote == '"' && at_ < text_.size() && !is_control_in_text(text_[at_]))
                ++at_;
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string open_; // lists and tables of a value, by their brackets
    bool in_value_ = false;
    bool assigned_ = false; // the key that is at its turn has its "=" already
    std::size_t dots_ = 0;  // of that key
    std::size_t dots_of_all_ = 0;
    std::size_t lists_ = 0;
    std::string_view last_list_;
    std::string_view what_ = "no TOML has such a character here";
};

} // namespace

std::optional<toml_fault> toml_hazard(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    scanner over{text};
    auto const at = over.run();
    if (at == text.size())
        return std::nullopt;
    auto const before = text.substr(0, at);
    auto const line = before.substr(before.rfind('\n') + 1); // from 0 where there is none
    return toml_fault{
        .at =
            {.line = std::ranges::count(before, '\n') + 1,
             .column = std::ranges::count_if(line, [](char c) { return (c & '\xC0') != '\x80'; }) + 1},
        .what = std::string{over.what()}};
}

} // namespace checkwatches
