#include "engine/app/commands.hpp"
#include "engine/app/instruct.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/list_faults.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/lists/list_book.hpp"
#include "engine/serve/api/json_of_lists.hpp"
#include "storage/reader.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <optional>

namespace checkwatches::app {
namespace {

intake::list_format format_for(watchlist_put_options const& options)
{
    if (!options.format)
        return intake::format_of(options.file);
    return *options.format == "json"   ? intake::list_format::json
           : *options.format == "toml" ? intake::list_format::toml
                                       : intake::list_format::lines;
}

// What standard input holds, up to more than a list may have.
std::string read_input()
{
    std::string out;
    std::array<char, 65'536> part{};
    while (out.size() <= intake::longest_list) {
        auto const n = std::fread(part.data(), 1, part.size(), stdin);
        if (n == 0)
            break;
        out.append(part.data(), n);
    }
    return out;
}

result<std::string> text_for(watchlist_put_options const& options)
{
    if (options.file == "-")
        return read_input();
    auto held = intake::read_text({.path = options.file});
    if (held.is_gone)
        held.trouble = "there is no such file";
    if (!held.trouble.empty())
        return error{.kind = error_kind::usage, .message = options.file + ": " + held.trouble};
    return std::move(held.text);
}

// There may be no database yet.
intake::known_file file_known(std::string const& database, std::string const& list)
{
    std::optional<storage::watch_list_record> known;
    if (auto const reader = storage::reader::open(database))
        known = (*reader)->watch_list_by_name(list);
    return intake::file_of(known ? &*known : nullptr, database);
}

std::string sentence_of(storage::watch_list_record const& list)
{
    auto out = fmt::format(
        "{}: {}; {} watched, {} waiting, {} bad",
        list.name,
        word(list.state),
        list.watched,
        list.waiting,
        list.bad);
    if (!list.trouble.empty())
        out += "; " + list.trouble;
    return one_line(out);
}

} // namespace

exit_code
run_watchlist_put(global_options const& global, config const& conf, watchlist_put_options const& options)
{
    if (!intake::is_list_name(options.name))
        return fail({.kind = error_kind::usage, .message = std::string{intake::list_name_rule}});
    if (!conf.lists.enabled)
        return fail({.kind = error_kind::usage, .message = "the configuration turns watch lists off"});
    auto const text = text_for(options);
    if (!text)
        return fail(text.error());
    auto const shown = options.file == "-" ? std::string{"standard input"} : options.file;
    auto const format = format_for(options);
    auto list = intake::read_list(*text, format);
    if (list.broken) {
        print_fault(shown, *list.broken, options.json);
        fmt::print(stderr, "checkwatches: this is no list; the one that was there stays\n");
        return exit_code::some_failed;
    }
    intake::check_addresses(list, load_kinds(conf).all);
    auto const faults = faults_of(list);
    if (!options.json)
        for (auto const& fault : faults)
            print_fault(shown, fault, false);
    auto const path = intake::put_list(
        intake::lists_folder(conf.lists, global.database),
        options.name,
        format,
        *text,
        file_known(global.database, options.name));
    if (!path)
        return fail(path.error());

    serve::lists_call call{.put = options.name};
    if (options.force)
        call.force = options.name;
    auto const applied = instruct(global, conf, call);
    if (!applied) {
        fmt::print(stderr, "checkwatches: {} is there, and is not applied yet\n", *path);
        return fail(applied.error());
    }
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const kept = (*reader)->watch_list_by_name(options.name);
    if (!kept)
        return fail({.kind = error_kind::storage, .message = *path + " is gone already"});
    if (options.json)
        fmt::print("{}\n", boost::json::serialize(serve::json_of(*kept)));
    else
        fmt::print("{}{}\n", sentence_of(*kept), ignored_words(list.ignored));
    return faults.empty() && kept->state != storage::list_state::bad ? exit_code::done
                                                                     : exit_code::some_failed;
}

} // namespace checkwatches::app
