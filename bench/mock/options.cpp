#include "bench/mock/options.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>

namespace checkwatches::mock {

namespace {

error wrong(std::string_view what, std::string_view value)
{
    return error{
        .kind = error_kind::usage, .message = fmt::format("a mock tracker has no {} \"{}\"", what, value)};
}

// Reads one value into its place; false where it does not fit.
using setter = std::function<bool(tracker_options&, std::string_view)>;

template <class Number>
bool read_number(std::string_view text, Number& into)
{
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
    return ec == std::errc{} && end == text.data() + text.size();
}

bool read_value(std::string_view text, bool& into)
{
    into = text == "1";
    return text == "1" || text == "0";
}

bool read_value(std::string_view text, std::string& into)
{
    into = text;
    return true;
}

bool read_value(std::string_view text, fault& into)
{
    auto const found = parse_fault(text);
    if (found)
        into = *found;
    return found.has_value();
}

template <class Rep, class Period>
bool read_value(std::string_view text, std::chrono::duration<Rep, Period>& into)
{
    Rep count{};
    bool const good = read_number(text, count);
    into = std::chrono::duration<Rep, Period>{count};
    return good;
}

template <std::integral Number>
bool read_value(std::string_view text, Number& into)
{
    return read_number(text, into);
}

template <class Enum, std::size_t Count>
bool choose(std::string_view text, Enum& into, std::array<std::string_view, Count> const& words)
{
    auto const at = std::ranges::find(words, text);
    if (at == words.end())
        return false;
    into = static_cast<Enum>(at - words.begin());
    return true;
}

bool read_value(std::string_view text, key_place& into)
{
    return choose(text, into, std::array<std::string_view, 3>{"query", "header", "bearer"});
}

bool read_value(std::string_view text, alias_form& into)
{
    return choose(text, into, std::array<std::string_view, 3>{"list", "text_or_null", "text"});
}

template <class Value>
setter common(Value tracker_options::* member)
{
    return [=](tracker_options& o, std::string_view text) { return read_value(text, o.*member); };
}

template <class Part, class Value>
setter within(Part tracker_options::* part, Value Part::* member)
{
    return [=](tracker_options& o, std::string_view text) { return read_value(text, o.*part.*member); };
}

std::map<std::string_view, setter> common_setters()
{
    using o = tracker_options;
    return {
        {"name", common(&o::name)},
        {"seed", common(&o::seed)},
        {"bugs", common(&o::bugs)},
        {"latency", common(&o::latency)},
        {"jitter", common(&o::jitter)},
        {"drip", common(&o::drip)},
        {"step_every", common(&o::step_every)},
        {"clock", common(&o::clock)},
        {"retry_after", common(&o::retry_after)},
        {"away", common(&o::away)},
        {"fault", within(&o::fault, &fault_plan::what)},
        {"fault_after", within(&o::fault, &fault_plan::after)},
        {"fault_lasts", within(&o::fault, &fault_plan::lasts)},
    };
}

std::map<std::string_view, setter> bugzilla_setters()
{
    constexpr auto part = &tracker_options::bugzilla;
    using f = bugzilla_flavour;
    return {
        {"version", within(part, &f::version)},
        {"rest", within(part, &f::rest)},
        {"rewrite", within(part, &f::rewrite)},
        {"xmlrpc", within(part, &f::xmlrpc)},
        {"web", within(part, &f::web)},
        {"xml_cgi", within(part, &f::xml_cgi)},
        {"issuezilla", within(part, &f::issuezilla)},
        {"whoami", within(part, &f::whoami)},
        {"rate_limit", within(part, &f::rate_limit)},
        {"require_login", within(part, &f::require_login)},
        {"maintenance", within(part, &f::maintenance)},
        {"capped", within(part, &f::capped)},
        {"null_duplicate", within(part, &f::null_duplicate)},
        {"utc_time", within(part, &f::utc_time)},
        {"etag", within(part, &f::etag)},
        {"get_limit", within(part, &f::get_limit)},
        {"line_limit", within(part, &f::line_limit)},
        {"key", within(part, &f::key)},
        {"alias", within(part, &f::alias)},
        {"words", within(part, &f::words)},
    };
}

std::map<std::string_view, setter> trac_setters()
{
    constexpr auto part = &tracker_options::trac;
    using f = trac_flavour;
    return {
        {"version", within(part, &f::version)},
        {"labels", within(part, &f::labels)},
        {"severities", within(part, &f::severities)},
        {"query", within(part, &f::query)},
        {"ticket_csv", within(part, &f::ticket_csv)},
        {"rpc", within(part, &f::rpc)},
        {"rpc_old", within(part, &f::rpc_old)},
        {"rpc_anonymous", within(part, &f::rpc_anonymous)},
        {"launchpad", within(part, &f::launchpad)},
        {"require_login", within(part, &f::require_login)},
        {"page", within(part, &f::page)},
    };
}

std::map<std::string_view, setter> launchpad_setters()
{
    constexpr auto part = &tracker_options::launchpad;
    using f = launchpad_flavour;
    return {
        {"size_link", within(part, &f::size_link)},
        {"gzip_etag", within(part, &f::gzip_etag)},
        {"page", within(part, &f::page)},
        {"project", within(part, &f::project)},
        {"distro", within(part, &f::distro)},
        {"series", within(part, &f::series)},
    };
}

result<void> set_one(tracker_options& options, std::string_view key, std::string_view value)
{
    using setters = std::map<std::string_view, setter>;
    static setters const shared = common_setters();
    static std::map<std::string_view, setters> const by_kind{
        {"bugzilla", bugzilla_setters()}, {"trac", trac_setters()}, {"launchpad", launchpad_setters()}};

    if (key == "kind") {
        options.kind = value;
        return find_kind(value) == nullptr ? wrong(key, value) : result<void>{};
    }
    if (key == "flavour")
        return set_flavour(options, value);
    auto at = shared.find(key);
    bool known = at != shared.end();
    if (auto const typed = by_kind.find(options.kind); !known && typed != by_kind.end()) {
        at = typed->second.find(key);
        known = at != typed->second.end();
    }
    if (known)
        return at->second(options, value) ? result<void>{} : wrong(key, value);
    if (std::ranges::find(find_kind(options.kind)->options, key) == find_kind(options.kind)->options.end())
        return wrong("option", key);
    options.own.insert_or_assign(std::string{key}, value);
    return {};
}

} // namespace

std::string_view tracker_options::option(std::string_view key, std::string_view otherwise) const noexcept
{
    auto const at = own.find(key);
    return at == own.end() ? otherwise : at->second;
}

result<tracker_options> parse_tracker(std::string_view text)
{
    tracker_options options;
    while (!text.empty()) {
        auto const comma = std::min(text.find(','), text.size());
        auto const part = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        auto const equals = part.find('=');
        if (equals == std::string_view::npos)
            return wrong("option", part);
        if (auto const set = set_one(options, part.substr(0, equals), part.substr(equals + 1)); !set)
            return set.error();
    }
    if (options.bugs < 0 || options.bugs > 1'000'000)
        return wrong("bugs", std::to_string(options.bugs));
    if (options.name.empty())
        options.name = options.kind;
    return options;
}

} // namespace checkwatches::mock
