#include "engine/app/config.hpp"

#include "engine/app/gerrit_config.hpp"
#include "engine/app/scan_config.hpp"
#include "engine/app/secret_config.hpp"
#include "engine/app/slurp.hpp"
#include "engine/app/web_config.hpp"
#include "engine/core/toml_section.hpp"
#include "engine/core/toml_text.hpp"
#include "engine/core/word_map_toml.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

namespace checkwatches::app {
namespace {

void read_budget(section& in, net::budget_settings& into)
{
    in.read("connections", into.connections, 1, 1000);
    in.read("requests_per_second", into.requests_per_second, 0.0, 1e6);
    in.read("longest_wait", into.longest_wait);
}

void read_network(section& in, net::settings& into)
{
    in.read("ca_file", into.ca_file);
    in.read("resolve_timeout", into.resolve_timeout);
    in.read("connect_timeout", into.connect_timeout);
    in.read("handshake_timeout", into.handshake_timeout);
    in.read("idle_timeout", into.idle_timeout);
    in.read("total_timeout", into.total_timeout);
    in.read("keep_alive", into.keep_alive);
    in.read("most_header", into.most_header, 1024, 16 * 1024 * 1024);
    in.read("most_body", into.most_body, 1024, 1024 * 1024 * 1024);
    in.read("most_decoded", into.most_decoded, 1024, 1024 * 1024 * 1024);
    in.read("most_redirects", into.most_redirects, 0, 50);
    read_budget(in, into.budget);
}

void read_schedule(section& in, check::schedule_policy& into)
{
    in.read("active", into.active);
    in.read("quiet", into.quiet);
    in.read("idle", into.idle);
    in.read("resolved", into.resolved);
    in.read("settled", into.settled);
    in.read("quiet_after", into.quiet_after);
    in.read("idle_after", into.idle_after);
    in.read("settled_after", into.settled_after);
    in.read("most_bug_delay", into.most_bug_delay);
    in.read("first_tracker_delay", into.first_tracker_delay);
    in.read("most_tracker_delay", into.most_tracker_delay);
    in.read("jitter", into.jitter, 0.0, 0.5);
    in.read("eager", into.eager);
    in.read("eager_for", into.eager_for);
    in.read("ripe_after", into.ripe_after, 0.0, 1.0);
}

void read_log(section& in, log_settings& into)
{
    in.read(
        "level",
        into.level,
        {{"debug", log_level::debug},
         {"info", log_level::info},
         {"notice", log_level::notice},
         {"warning", log_level::warning},
         {"error", log_level::error}});
    in.read("format", into.format, {{"logfmt", log_format::logfmt}, {"json", log_format::json}});
}

void read_serve(section& in, config& into)
{
    in.read("heartbeat", into.heartbeat);
    in.read("drain", into.engine.drain);
    in.read("trackers_at_once", into.engine.most_trackers, 1, 100'000);
    in.read("trackers_of_host_at_once", into.engine.most_trackers_of_host, 1, 1'000);
}

void read_keep(section& in, storage::retention& into)
{
    in.read("checks", into.checks);
    in.read("signatures", into.signatures);
    in.read("validators", into.validators);
    in.read("incidents", into.incidents);
    in.read("passes", into.passes);
    in.read("days", into.days);
}

void read_lists(section& in, intake::list_settings& into)
{
    in.read("enabled", into.enabled);
    in.read("folder", into.folder);
    in.read("off", into.off);
    in.read("sweep", into.sweep);
    in.read("hold", into.hold);
    if (!into.folder.empty() && into.folder.front() != '/')
        in.complain(in.where(), "\"folder\" of [watchlists] must be a whole path, such as \"/srv/lists\"");
}

void read_retry(section& in, retry_policy& into)
{
    in.read("attempts", into.attempts, 1, 20);
    in.read("first_delay", into.first_delay);
    in.read("most_delay", into.most_delay);
    in.read("per_pass", into.per_pass, 0, 1000);
}

void read_breaker(section& in, check::breaker_settings& into)
{
    in.read("after", into.after, 1, 100);
    in.read("first_delay", into.first_delay);
    in.read("most_delay", into.most_delay);
}

void read_offline(section& in, check::network_settings& into)
{
    in.read("canary", into.canary);
    in.read("hosts", into.hosts, 2, 1000);
    in.read("window", into.window);
    in.read("grace", into.grace);
}

// [map."tracker".status] and [map."tracker".importance].
void read_map(section& in, std::string const& file, std::optional<error>& trouble, check::overrides& into)
{
    in.each([&](std::string_view tracker, toml::node const&) {
        auto& says = into[std::string{tracker}];
        with_table(in, std::string{tracker}, file, trouble, [&](section& sides) {
            read_word_map(sides, file, trouble, says);
        });
    });
}

void read_credential(section& in, std::vector<credential>& into)
{
    credential who{.origin = in.read_origin("origin")};
    in.read("user", who.user);
    auto value = read_secret(in, "[[credential]]");
    if (!value)
        return;
    who.value = std::move(*value);
    into.push_back(std::move(who));
}

// The program's name with an address at which its operator can be reached; "Mozilla" would be a lie that some
// trackers punish.
void read_contact(section& in, std::string& user_agent)
{
    std::string contact;
    in.read("contact", contact);
    if (contact.empty())
        return;
    bool const printable = std::ranges::all_of(contact, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
    if (!printable || contact.find("Mozilla") != std::string::npos
        || contact.find_first_of("()") != std::string::npos)
        in.complain(
            in.where(),
            "\"contact\" must be an address such as \"https://example.org/bots\" or \"me@example.org\"");
    else
        user_agent += fmt::format(" (+{})", contact);
}

std::optional<std::string> usual_file()
{
    std::vector<std::string> places;
    if (auto const* const xdg = std::getenv("XDG_CONFIG_HOME"); xdg != nullptr && *xdg != '\0')
        places.push_back(std::string{xdg} + "/checkwatches/config.toml");
    else if (auto const* const home = std::getenv("HOME"))
        places.push_back(std::string{home} + "/.config/checkwatches/config.toml");
    places.emplace_back("/etc/checkwatches/config.toml");
    for (auto& place : places) {
        struct stat about{};
        if (::stat(place.c_str(), &about) == 0)
            return std::move(place);
    }
    return std::nullopt;
}

} // namespace

result<config> read_config(std::string_view text, std::string const& file)
{
    auto const read = read_toml(text);
    if (auto const* const wrong = std::get_if<toml_fault>(&read))
        return error{
            .kind = error_kind::configuration,
            .message = fmt::format("{}:{}:{}: {}", file, wrong->at.line, wrong->at.column, wrong->what)};
    auto const& root = std::get<toml::table>(read);

    config out;
    std::optional<error> trouble;
    section top{root, "", file, trouble};
    read_contact(top, out.network.user_agent);
    with_table(top, "network", file, trouble, [&](section& in) { read_network(in, out.network); });
    with_table(
        top, "schedule", file, trouble, [&](section& in) { read_schedule(in, out.engine.pass.policy); });
    with_table(top, "check", file, trouble, [&](section& in) {
        in.read("lanes", out.engine.pass.lanes, 1, 64);
        in.read("capabilities_last", out.engine.pass.capabilities_last);
        in.read("full_after", out.engine.pass.batching.full_after);
        in.read("comments", out.engine.pass.comments, 0, 100'000);
        in.read(
            "duplicates",
            out.duplicates,
            {{"own", intake::duplicate_policy::own}, {"master", intake::duplicate_policy::master}});
        in.read("shrink_guard", out.engine.pass.shrink.fewest, 0, 1'000'000);
    });
    with_table(top, "retry", file, trouble, [&](section& in) { read_retry(in, out.engine.pass.retry); });
    with_table(top, "breaker", file, trouble, [&](section& in) { read_breaker(in, out.engine.breaking); });
    with_table(top, "offline", file, trouble, [&](section& in) { read_offline(in, out.engine.offline); });
    with_table(top, "serve", file, trouble, [&](section& in) { read_serve(in, out); });
    with_table(top, "web", file, trouble, [&](section& in) { read_web(in, out.web); });
    with_table(top, "keep", file, trouble, [&](section& in) {
        read_keep(in, out.engine.keep);
        in.read("rechecks", out.keep_rechecks);
    });
    with_table(top, "watchlists", file, trouble, [&](section& in) { read_lists(in, out.lists); });
    with_table(top, "log", file, trouble, [&](section& in) { read_log(in, out.log); });
    out.kinds = std::filesystem::absolute(file).parent_path() / "kinds";
    with_table(top, "kinds", file, trouble, [&](section& in) {
        out.names_kinds = in.take("folder") != nullptr;
        in.read("folder", out.kinds);
    });
    with_table(top, "map", file, trouble, [&](section& in) {
        read_map(in, file, trouble, out.engine.pass.meanings);
    });
    with_tables(top, "host", file, trouble, [&](section& in) {
        auto const origin = in.read_origin("origin");
        auto budget = out.network.budget;
        read_budget(in, budget);
        out.engine.hosts.insert_or_assign(origin, budget);
    });
    with_tables(top, "credential", file, trouble, [&](section& in) {
        read_credential(in, out.engine.pass.credentials);
    });
    read_feed(top, file, trouble, out.feed);
    with_table(top, "scan", file, trouble, [&](section& in) { read_scan(in, file, trouble, out.shorts); });
    auto const signatures = std::filesystem::absolute(file).parent_path() / "signatures";
    with_tables(top, "gerrit", file, trouble, [&](section& in) { read_gerrit(in, signatures, out.gerrits); });
    read_digests(top, file, trouble, names_of(out.feed), out.digests);
    top.finish();
    if (trouble)
        return *trouble;
    out.engine.budget = out.network.budget;
    return out;
}

std::vector<std::string> names_of_sinks(config const& conf)
{
    auto names = names_of(conf.feed);
    for (auto const& one : conf.digests.all)
        names.push_back(one.name);
    return names;
}

result<config> load_config(std::optional<std::string> const& file)
{
    auto const place = file ? file : usual_file();
    if (!place)
        return config{};
    auto const text = slurp(*place);
    if (!text)
        return error{.kind = error_kind::configuration, .message = *place + ": the file cannot be read"};
    return read_config(*text, *place);
}

} // namespace checkwatches::app
