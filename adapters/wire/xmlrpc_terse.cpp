#include "adapters/wire/xmlrpc_terse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace checkwatches::wire::xmlrpc {
namespace {

struct reference {
    std::string_view written;
    char meant;
};
constexpr std::array references{
    reference{"&lt;", '<'},
    reference{"&gt;", '>'},
    reference{"&amp;", '&'},
    reference{"&quot;", '"'},
    reference{"&apos;", '\''}};

bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Goes through the document once. Whatever it does not expect makes it give up.
class reader {
public:
    explicit reader(std::string_view text)
        : rest_{text},
          has_references_{text.find('&') != std::string_view::npos},
          has_returns_{text.find('\r') != std::string_view::npos}
    {}

    std::optional<value> document()
    {
        if (starts("<?xml ")) {
            constexpr std::string_view end = "?>";
            auto const at = rest_.find(end);
            if (at == std::string_view::npos)
                return std::nullopt;
            rest_.remove_prefix(at + end.size());
        }
        open("<methodResponse>");
        open("<params>");
        open("<param>");
        skip_blanks();
        value out = read(0);
        open("</param>");
        open("</params>");
        open("</methodResponse>");
        skip_blanks();
        if (gave_up_ || !rest_.empty())
            return std::nullopt;
        return out;
    }

private:
    // Marks are literals, so that the compiler knows how long they are.
    template <std::size_t N>
    bool starts(char const (&mark)[N]) const
    {
        return rest_.size() >= N - 1 && std::equal(mark, mark + N - 1, rest_.begin());
    }
    template <std::size_t N>
    bool take(char const (&mark)[N])
    {
        bool const is_here = starts(mark);
        if (is_here)
            rest_.remove_prefix(N - 1);
        return is_here;
    }
    template <std::size_t N>
    void expect(char const (&mark)[N])
    {
        if (!take(mark))
            give_up();
    }
    // A mark with white space before it.
    template <std::size_t N>
    void open(char const (&mark)[N])
    {
        skip_blanks();
        expect(mark);
    }
    // An element without content; `name` is without its bracket: "<string".
    template <std::size_t N>
    bool take_empty(char const (&name)[N])
    {
        if (!starts(name))
            return false;
        auto const after = rest_.substr(N - 1);
        auto const length = after.starts_with("/>") ? 2U : after.starts_with(" />") ? 3U : 0U;
        if (length != 0)
            rest_.remove_prefix(N - 1 + length);
        return length != 0;
    }

    void skip_blanks()
    {
        while (!rest_.empty() && is_blank(rest_.front()))
            rest_.remove_prefix(1);
    }

    void give_up()
    {
        gave_up_ = true;
        rest_ = {};
    }

    // The text before the next tag.
    std::string text()
    {
        auto const length = std::min(rest_.find('<'), rest_.size());
        auto const raw = rest_.substr(0, length);
        rest_.remove_prefix(length);
        if (has_returns_ && raw.find('\r') != std::string_view::npos) // would have to become line feeds
            give_up();
        return has_references_ ? without_references(raw) : std::string{raw};
    }

    std::string without_references(std::string_view raw)
    {
        std::string out;
        while (!raw.empty()) {
            auto const plain = std::min(raw.find('&'), raw.size());
            out += raw.substr(0, plain);
            raw.remove_prefix(plain);
            if (raw.empty())
                break;
            auto const known = std::find_if(references.begin(), references.end(), [&](reference const& r) {
                return raw.starts_with(r.written);
            });
            if (known == references.end()) {
                give_up();
                break;
            }
            out += known->meant;
            raw.remove_prefix(known->written.size());
        }
        return out;
    }

    value read(int depth)
    {
        if (depth > deepest)
            return nothing();
        if (take_empty("<value"))
            return std::string{};
        expect("<value>");
        auto const inside = rest_;
        skip_blanks();
        if (starts("<") && !starts("</")) {
            auto out = typed(depth);
            open("</value>");
            return out;
        }
        rest_ = inside;
        return closed(text(), "</value>"); // untyped text is a string
    }

    value typed(int depth)
    {
        if (take("<string>"))
            return closed(text(), "</string>");
        if (take("<int>"))
            return closed(integer(), "</int>");
        if (take("<boolean>"))
            return closed(flag(), "</boolean>");
        if (take("<dateTime.iso8601>"))
            return closed(date(), "</dateTime.iso8601>");
        if (take("<struct>"))
            return members_of(depth);
        if (take("<array>"))
            return items_of(depth);
        if (take("<i4>"))
            return closed(integer(), "</i4>");
        if (take("<i8>"))
            return closed(integer(), "</i8>");
        if (take("<base64>"))
            return closed(text(), "</base64>");
        if (take_empty("<string"))
            return std::string{};
        if (take_empty("<nil"))
            return {};
        return nothing();
    }

    template <class T, std::size_t N>
    value closed(T out, char const (&mark)[N])
    {
        expect(mark);
        return value{std::move(out)};
    }

    std::int64_t integer()
    {
        std::int64_t out = 0;
        auto const read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
        if (read.ec != std::errc{})
            give_up();
        else
            rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
        return out;
    }

    bool flag()
    {
        if (take("1"))
            return true;
        expect("0");
        return false;
    }

    date_time date()
    {
        auto out = text();
        if (!out.empty() && (is_blank(out.front()) || is_blank(out.back())))
            give_up();
        return {.text = std::move(out)};
    }

    value members_of(int depth)
    {
        members out;
        out.reserve(std::min<std::size_t>(expected_members_, 64));
        for (skip_blanks(); take("<member>"); skip_blanks()) {
            open("<name>");
            auto name = text();
            expect("</name>");
            skip_blanks();
            out.emplace_back(std::move(name), read(depth + 1));
            open("</member>");
        }
        expect("</struct>");
        expected_members_ = out.size(); // the next one is often alike
        out.shrink_to_fit();
        return out;
    }

    value items_of(int depth)
    {
        array out;
        skip_blanks();
        if (!take_empty("<data")) {
            expect("<data>");
            for (skip_blanks(); starts("<value"); skip_blanks())
                out.push_back(read(depth + 1));
            expect("</data>");
        }
        open("</array>");
        return out;
    }

    value nothing()
    {
        give_up();
        return {};
    }

    std::string_view rest_;
    bool has_references_;
    bool has_returns_;
    std::size_t expected_members_ = 0;
    bool gave_up_ = false;
};

} // namespace

std::optional<value> read_terse(std::string_view text)
{
    return reader{text}.document();
}

} // namespace checkwatches::wire::xmlrpc
