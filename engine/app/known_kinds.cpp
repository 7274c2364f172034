#include "engine/app/known_kinds.hpp"

#include "adapters/described.hpp"
#include "engine/app/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace checkwatches::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 200;

// The descriptions of a folder, in the order of their names.
std::vector<std::string> files_of(config const& conf, std::vector<bad_description>& bad)
{
    auto const& folder = conf.kinds;
    std::vector<std::string> out;
    std::error_code failure;
    fs::directory_iterator all{folder, failure};
    if (failure) {
        if (conf.names_kinds || failure != std::errc::no_such_file_or_directory)
            bad.push_back({.file = folder, .why = fmt::format("{}: {}", folder, failure.message())});
        return out;
    }
    for (auto const end = fs::directory_iterator{}; !failure && all != end; all.increment(failure))
        if (all->path().extension() == ".toml" && all->is_regular_file(failure))
            out.push_back(all->path().string());
    if (failure)
        bad.push_back({.file = folder, .why = fmt::format("{}: {}", folder, failure.message())});
    std::ranges::sort(out);
    for (auto i = most_files; i < out.size(); ++i)
        bad.push_back({.file = out[i], .why = fmt::format("more than {} descriptions", most_files)});
    out.resize(std::min(out.size(), most_files));
    return out;
}

} // namespace

result<std::string> read_description_file(std::string const& file)
{
    auto const wrong = [&](std::string_view why) {
        return error{.kind = error_kind::configuration, .message = fmt::format("{}: {}", file, why)};
    };
    std::ifstream in{file, std::ios::binary};
    if (!in)
        return wrong("it cannot be read");
    std::string text(adapters::longest_description + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad())
        return wrong("it cannot be read");
    return text;
}

known_kinds load_kinds(config const& conf)
{
    known_kinds out;
    adapters::registry const built_in;
    std::vector<std::unique_ptr<adapters::adapter const>> own;
    std::vector<std::string> bad_texts;
    for (auto const& file : files_of(conf, out.bad)) {
        auto const refuse = [&](std::string why) {
            out.bad.push_back({.file = file, .why = std::move(why)});
        };
        auto const text = read_description_file(file);
        if (!text) {
            refuse(text.error().message);
            continue;
        }
        auto made = adapters::make_described(*text, file);
        if (!made) {
            refuse(made.error().message);
            bad_texts.push_back(*text);
        }
        else if (built_in.find((*made)->kind()) != nullptr)
            refuse(
                fmt::format("{}: the kind \"{}\" is built in; give it another name", file, (*made)->kind()));
        else if (
            std::ranges::find(own, (*made)->kind(), [](auto const& k) { return k->kind(); }) != own.end())
            refuse(fmt::format("{}: another file describes the kind \"{}\"", file, (*made)->kind()));
        else
            own.push_back(std::move(*made));
    }
    // Whether somebody may have said other things of a kind, which cannot be read.
    auto const is_replaced_badly = [&](fs::path const& name) {
        auto const kind = fmt::format("\"{}\"", name.stem().string());
        auto const speaks_of_it = [&](std::string const& text) {
            return text.find(kind) != std::string::npos;
        };
        return std::ranges::any_of(bad_texts, speaks_of_it)
               || std::ranges::any_of(out.bad, [&](bad_description const& one) {
                      return one.file == conf.kinds || fs::path{one.file}.filename() == name;
                  });
    };
    for (auto const& [name, text] : adapters::shipped_descriptions()) {
        // Statuses must not change for a slip of the pen, or for a folder that cannot be read.
        if (is_replaced_badly(name))
            continue;
        auto made = adapters::make_described(text, std::string{name});
        if (!made)
            out.bad.push_back({.file = std::string{name}, .why = made.error().message});
        else if (
            std::ranges::find(own, (*made)->kind(), [](auto const& k) { return k->kind(); }) == own.end())
            out.all.add(std::move(*made));
    }
    for (auto& one : own)
        out.all.add(std::move(one));
    return out;
}

void report_bad_descriptions(known_kinds const& kinds, logger& log)
{
    for (auto const& one : kinds.bad)
        log.write(
            log_level::error,
            "a description of a kind is bad and left out",
            {{"file", one.file}, {"why", one.why}});
}

void print_bad_descriptions(known_kinds const& kinds)
{
    for (auto const& one : kinds.bad)
        fmt::print(stderr, "checkwatches: left out: {}\n", one_line(one.why));
}

} // namespace checkwatches::app
