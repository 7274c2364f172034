#include "bench/mock/bugs.hpp"

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::mock {

namespace {

void append_member(std::string& out, std::string_view name, std::string_view value)
{
    fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
    append_json(out, value);
}

void append_state(std::string& out, std::size_t version, bug_state const& state)
{
    fmt::format_to(std::back_inserter(out), "{{\"version\":{}", version);
    append_member(out, "at", iso_time(state.since));
    append_member(out, "status", state.status);
    append_member(out, "resolution", state.resolution);
    append_member(out, "priority", state.priority);
    append_member(out, "severity", state.severity);
    out += ",\"duplicate_of\":";
    out += state.duplicate_of == 0 ? "null" : std::to_string(state.duplicate_of);
    if (!state.others.empty()) {
        out += ",\"others\":[";
        for (auto const& [status, importance] : state.others) {
            out += out.back() == '[' ? "[" : ",[";
            append_json(out, status);
            out += ',';
            append_json(out, importance);
            out += ']';
        }
        out += ']';
    }
    out += '}';
}

void append_bug(std::string& out, bug const& b)
{
    fmt::format_to(std::back_inserter(out), "{{\"id\":{},\"asked\":{},\"states\":[", b.id, b.asked);
    for (std::size_t i = 0; i < b.history.size(); ++i) {
        if (i != 0)
            out += ',';
        append_state(out, i + 1, b.history[i]);
    }
    out += "],\"served\":[";
    for (std::size_t i = 0; i < b.served.size(); ++i)
        fmt::format_to(
            std::back_inserter(out), "{}[{},{}]", i == 0 ? "" : ",", b.served[i].version, b.served[i].times);
    out += "]}";
}

} // namespace

std::string ledger_json(std::string_view tracker, bug_store const& bugs)
{
    std::string out = "{\"tracker\":";
    append_json(out, tracker);
    out += ",\"bugs\":[";
    for (auto const& b : bugs.all()) {
        if (b.id != 1)
            out += ',';
        append_bug(out, b);
    }
    out += "]}";
    return out;
}

} // namespace checkwatches::mock
