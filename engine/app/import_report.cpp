#include "engine/app/import_report.hpp"

#include "engine/app/table.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <array>
#include <utility>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

constexpr std::array all_states{
    std::pair{import_state::added, std::string_view{"added"}},
    std::pair{import_state::planned, std::string_view{"planned"}},
    std::pair{import_state::there, std::string_view{"there"}},
    std::pair{import_state::waiting, std::string_view{"waiting"}},
    std::pair{import_state::bad, std::string_view{"bad"}},
    std::pair{import_state::left_out, std::string_view{"left_out"}}};

json::value text_or_null(std::string_view text)
{
    return text.empty() ? json::value(nullptr) : json::value(json::string{text});
}

json::value number_or_null(std::int64_t n)
{
    return n == 0 ? json::value(nullptr) : json::value(n);
}

import_state state_of(intake::leftover::why how)
{
    switch (how) {
    case intake::leftover::why::waiting: return import_state::waiting;
    case intake::leftover::why::left_out: return import_state::left_out;
    case intake::leftover::why::bad: break;
    }
    return import_state::bad;
}

} // namespace

std::string_view word(import_state s) noexcept
{
    for (auto const& [state, text] : all_states)
        if (state == s)
            return text;
    return {};
}

std::string place_of(intake::spot const& at, std::string const& name)
{
    std::string out;
    if (at.line != 0)
        out = at.column != 0 ? fmt::format("{}:{}:{}: ", at.file, at.line, at.column)
                             : fmt::format("{}:{}: ", at.file, at.line);
    return name.empty() ? out : out + name + ": ";
}

void import_report::print(import_row const& row)
{
    ++counts_[row.state];
    if (!json_) {
        print_text(row);
        return;
    }
    json::object const out{
        {"state", word(row.state)},
        {"what", text_or_null(row.what)},
        {"file", text_or_null(row.at.file)},
        {"line", number_or_null(row.at.line)},
        {"column", number_or_null(row.at.column)},
        {"name", text_or_null(row.name)},
        {"url", text_or_null(row.url)},
        {"kind", text_or_null(row.kind)},
        {"tracker", text_or_null(row.tracker)},
        {"remote_id", text_or_null(row.remote_id)},
        {"label", text_or_null(row.label)},
        {"reason", text_or_null(row.reason)}};
    fmt::print("{}\n", json::serialize(out));
}

void import_report::print(intake::leftover const& rest)
{
    print(import_row{.state = state_of(rest.how), .at = rest.at, .name = rest.name, .reason = rest.reason});
}

void import_report::print_text(import_row const& row) const
{
    auto const place = place_of(row.at, row.name);
    if (row.state == import_state::bad || row.state == import_state::waiting) {
        auto const subject = row.url.empty() || row.reason.starts_with(row.url) ? "" : row.url + ": ";
        auto const waits = row.state == import_state::waiting ? "not now: " : "";
        fmt::print(stderr, "checkwatches: {}\n", one_line(place + waits + subject + row.reason));
        return;
    }
    auto line = fmt::format("{:<9} {}{}", word(row.state), place, row.url);
    if (!row.label.empty())
        line += " for " + row.label;
    if (row.what == "tracker")
        line += fmt::format(" ({} tracker)", row.kind);
    if (!row.reason.empty())
        line += (row.url.empty() ? "" : ": ") + row.reason;
    fmt::print("{}\n", one_line(line));
}

void import_report::finish() const
{
    if (json_) {
        json::object counts;
        for (auto const& [state, text] : all_states)
            counts[text] = count(state);
        fmt::print("{}\n", json::serialize(json::object{{"import", std::move(counts)}}));
        return;
    }
    fmt::print(
        "{} added, {} there already, {} waiting, {} bad, {} left out{}\n",
        count(import_state::added),
        count(import_state::there),
        count(import_state::waiting),
        count(import_state::bad),
        count(import_state::left_out),
        count(import_state::planned) == 0 ? ""
                                          : fmt::format("; {} would be added", count(import_state::planned)));
}

bool import_report::any_failed() const
{
    return count(import_state::bad) + count(import_state::waiting) != 0;
}

std::size_t import_report::count(import_state s) const
{
    auto const found = counts_.find(s);
    return found == counts_.end() ? 0 : found->second;
}

} // namespace checkwatches::app
