#include "engine/app/import_sources.hpp"

#include "engine/intake/adopt/csv_list.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

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

// The list that a file holds, as `read` understands it.
template <class Reader>
result<intake::adopted> list_in(std::string const& file, Reader read)
{
    auto const text = read_list(file);
    if (!text)
        return text.error();
    auto list = read(*text);
    if (!list)
        return unusable(file == "-" ? "standard input" : file, list.error().message);
    return list;
}

} // namespace

result<intake::adopted>
read_foreign_list(config const&, adapters::registry const&, import_options const& options)
{
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

std::string file_of(import_options const& options)
{
    if (options.from == import_format::launchpad)
        return {};
    return options.what == "-" ? "standard input" : options.what;
}

} // namespace checkwatches::app
