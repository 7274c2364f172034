#include "engine/intake/adopt/ini.hpp"

#include "adapters/wire/text.hpp"
#include "engine/intake/adopt/clean_text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

class ini_reader {
public:
    ini_reader(
        std::function<bool(std::string_view)> const& wanted,
        std::vector<std::pair<std::string, spot>>& sections,
        std::vector<leftover>& rest)
        : wanted_{wanted},
          sections_{sections},
          rest_{rest}
    {}

    void read(std::string_view line, std::int64_t number)
    {
        auto const text = wire::trimmed(line);
        if (text.empty() || text.front() == '#' || text.front() == ';')
            return;
        auto const start = static_cast<std::int64_t>(text.data() - line.data());
        spot const at{.line = number, .column = start + 1};
        if (auto const flaw = flaw_of_line(text)) {
            reject(at, "the line " + *flaw);
            return;
        }
        if (start > 0 && in_value_) {
            if (is_kept_)
                out.back().value += "\n" + std::string{text};
            return;
        }
        if (text.front() == '[')
            begin_section(text, at);
        else
            read_setting(text, at);
    }

    std::vector<setting> out;

private:
    void begin_section(std::string_view text, spot at)
    {
        in_value_ = false;
        auto const end = text.find(']');
        if (end == std::string_view::npos || end == 1) {
            section_.reset();
            reject(at, "the name of a section stands between [ and ]");
            return;
        }
        section_ = fit_name(text.substr(1, end - 1));
        if (!known_.insert(*section_).second)
            reject(at, "there is a section of this name already: its settings are taken together");
        else
            sections_.emplace_back(*section_, at);
    }

    void read_setting(std::string_view text, spot at)
    {
        in_value_ = false;
        auto const end = text.find_first_of("=:");
        auto const key = wire::lower(wire::trimmed(text.substr(0, std::min(end, text.size()))));
        if (end == std::string_view::npos || key.empty()) {
            reject(at, "it is neither a section, a setting (KEY = VALUE) nor a comment");
            return;
        }
        if (!section_) {
            reject(at, "it stands in no section");
            return;
        }
        in_value_ = true;
        is_kept_ = wanted_(key);
        if (is_kept_)
            out.push_back(
                {.at = at,
                 .section = *section_,
                 .key = key,
                 .value = std::string{wire::trimmed(text.substr(end + 1))}});
    }

    void reject(spot at, std::string reason)
    {
        rest_.push_back({.at = at, .how = leftover::why::bad, .reason = std::move(reason)});
    }

    std::function<bool(std::string_view)> const& wanted_;
    std::vector<std::pair<std::string, spot>>& sections_;
    std::vector<leftover>& rest_;
    std::set<std::string> known_;
    std::optional<std::string> section_;
    bool in_value_ = false;
    bool is_kept_ = false;
};

} // namespace

std::vector<setting> read_ini(
    std::string_view text,
    std::function<bool(std::string_view key)> const& wanted,
    std::vector<std::pair<std::string, spot>>& sections,
    std::vector<leftover>& rest)
{
    ini_reader in{wanted, sections, rest};
    for (std::int64_t number = 1; !text.empty(); ++number) {
        auto const end = std::min(text.find('\n'), text.size());
        in.read(text.substr(0, end), number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(in.out);
}

} // namespace checkwatches::intake
