#include "engine/app/import_sources.hpp"

#include "engine/app/network.hpp"
#include "engine/app/run_loop.hpp"
#include "engine/intake/adopt/bts_link.hpp"
#include "engine/intake/adopt/bugwarrior.hpp"
#include "engine/intake/adopt/csv_list.hpp"
#include "engine/intake/adopt/forwarded.hpp"
#include "engine/intake/adopt/launchpad_watches.hpp"
#include "engine/remote/bound_remote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <set>
#include <unistd.h>

namespace checkwatches::app {
namespace {

error unusable(std::string const& file, std::string const& why)
{
    return error{.kind = error_kind::usage, .message = file + ": " + why};
}

// All of a stream, unless that is more than a list may have.
result<std::string> read_all(std::istream& in, std::string const& name)
{
    std::string text;
    constexpr std::size_t piece = std::size_t{256} * 1024;
    while (in && text.size() <= intake::largest_list) {
        auto const size = text.size();
        text.resize(size + piece);
        in.read(text.data() + size, piece);
        text.resize(size + static_cast<std::size_t>(in.gcount()));
    }
    if (text.size() > intake::largest_list)
        return unusable(name, "a list is at most 64 MiB");
    if (in.bad())
        return unusable(name, "it cannot be read");
    return text;
}

result<std::string> read_list(std::string const& file)
{
    if (file == "-")
        return read_all(std::cin, "standard input");
    std::ifstream in{file, std::ios::binary};
    if (!in)
        return unusable(file, "it cannot be read");
    return read_all(in, file);
}

std::string name_of(std::string const& file)
{
    return file == "-" ? "standard input" : file;
}

void name_file(auto& entries, std::string const& file)
{
    for (auto& entry : entries)
        if (entry.at.file.empty())
            entry.at.file = name_of(file);
}

// The list that a file holds, as `read` understands it.
template <class Reader>
result<intake::adopted> list_in(std::string const& file, Reader read)
{
    auto const text = read_list(file);
    if (!text)
        return text.error();
    result<intake::adopted> list = read(*text);
    if (!list)
        return unusable(name_of(file), list.error().message);
    name_file(list->watches, file);
    name_file(list->trackers, file);
    name_file(list->rest, file);
    return list;
}

void append(intake::adopted& to, intake::adopted more)
{
    std::ranges::move(more.watches, std::back_inserter(to.watches));
    std::ranges::move(more.trackers, std::back_inserter(to.trackers));
    std::ranges::move(more.rest, std::back_inserter(to.rest));
}

// Puts what bts-link says of each Debian bug to its watches.
result<void> add_usertags(intake::adopted& to, std::string const& file)
{
    auto const text = read_list(file);
    if (!text)
        return text.error();
    auto said = intake::read_usertags(*text, to.rest);
    name_file(to.rest, file);
    std::set<std::string> known;
    for (auto& watch : to.watches) {
        auto const number = watch.name.substr(watch.name.find(':') + 1);
        if (auto const found = said.find(number); found != said.end())
            watch.theirs = found->second;
        known.insert(number);
    }
    for (auto const& [number, view] : said)
        if (!known.contains(number))
            to.rest.push_back(
                {.how = intake::leftover::why::left_out,
                 .name = "debian:" + number,
                 .reason = "it has tags, and nothing says where it was forwarded to"});
    return {};
}

result<intake::adopted> bts_link_list(import_options const& options)
{
    intake::adopted out;
    if (!options.what.empty()) {
        auto trackers = list_in(options.what, intake::read_bts_link);
        if (!trackers)
            return trackers.error();
        append(out, std::move(*trackers));
    }
    if (!options.forwarded.empty()) {
        auto bugs = list_in(options.forwarded, intake::read_forwarded);
        if (!bugs)
            return bugs.error();
        append(out, std::move(*bugs));
    }
    if (!options.usertags.empty())
        if (auto const added = add_usertags(out, options.usertags); !added)
            return added.error();
    return out;
}

result<intake::adopted> bugwarrior_list(import_options const& options)
{
    auto const form = options.what.ends_with(".toml") ? intake::bugwarrior_form::toml
                                                      : intake::bugwarrior_form::either;
    auto out = list_in(
        options.what, [form](std::string_view text) { return intake::read_bugwarrior(text, form); });
    if (!out || options.bugs.empty())
        return out;
    auto bugs = list_in(options.bugs, intake::read_csv_list);
    if (!bugs)
        return bugs.error();
    append(*out, std::move(*bugs));
    return out;
}

// Says now and then how far a long reading is, where a person can see it.
void tell_progress(std::size_t done, std::size_t all)
{
    constexpr std::size_t step = 100;
    if (done % step == 0 && ::isatty(STDERR_FILENO) != 0)
        fmt::print(stderr, "{} of {} bugs were asked for their watches\n", done, all);
}

// Anonymously: a credential for Launchpad would need requests that are signed.
result<intake::adopted> launchpad_list(config const& conf, import_options const& options)
{
    auto to = bind_to("https://launchpad.net/", options.api, {});
    if (!to)
        return to.error();
    asio::io_context loop{1};
    auto const client = make_client(loop.get_executor(), conf);
    if (!client)
        return client.error();
    machine_clock const time;
    std::mt19937 dice{std::random_device{}()};
    constexpr std::size_t second_attempts = 100;
    retry_budget retries{second_attempts};
    bound_remote at{
        **client,
        std::move(*to),
        retrying{.policy = conf.engine.pass.retry, .left = retries, .time = time, .random01 = [&dice] {
                     return std::uniform_real_distribution<double>{}(dice);
                 }}};
    return run_loop(
        loop,
        intake::read_launchpad(
            at, {.target = options.what, .by_package = options.by_package}, tell_progress));
}

} // namespace

result<intake::adopted> read_foreign_list(config const& conf, import_options const& options)
{
    switch (options.from) {
    case import_format::launchpad: return launchpad_list(conf, options);
    case import_format::bts_link: return bts_link_list(options);
    case import_format::bugwarrior: return bugwarrior_list(options);
    case import_format::csv: break;
    }
    return list_in(options.what, intake::read_csv_list);
}

std::string source_of(import_options const& options)
{
    switch (options.from) {
    case import_format::launchpad: return "import:launchpad:" + options.what;
    case import_format::bts_link: return "import:bts-link";
    case import_format::bugwarrior: return "import:bugwarrior";
    case import_format::csv: break;
    }
    return "import:csv";
}

} // namespace checkwatches::app
