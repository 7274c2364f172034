#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/scan_text.hpp"
#include "engine/app/scan_watch.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/scan/scan.hpp"
#include "engine/serve/settings_patch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

namespace checkwatches::app {
namespace {

// As many as there are processors, within bounds.
std::size_t threads_of(scan_options const& options)
{
    constexpr unsigned most = 64;
    if (options.jobs != 0)
        return options.jobs;
    return std::clamp(std::thread::hardware_concurrency(), 1U, most);
}

} // namespace

exit_code run_scan(global_options const& global, config const& conf, scan_options const& options)
{
    for (auto const& [name, text] : {std::pair{"label", &options.label}, std::pair{"owner", &options.owner}})
        if (auto const good = serve::check_text(name, *text); !good)
            return fail(good.error());
    auto const kinds = load_kinds(conf);
    print_bad_descriptions(kinds);
    auto const report = intake::scan::scan(
        options.paths,
        {.label = options.label, .git = options.git, .since = options.since, .threads = threads_of(options)},
        kinds.all,
        conf.shorts);
    for (auto const& trouble : report.troubles)
        fmt::print(stderr, "checkwatches: {}\n", one_line(trouble.path + ": " + trouble.why));
    if (!report.found_any)
        return exit_code::usage;
    if (global.verbose)
        fmt::print(
            stderr,
            "checkwatches: {} files of {} packages, {} bytes; {} links\n",
            report.files,
            report.packages,
            report.bytes,
            report.links.size());

    auto const bugs = intake::scan::bugs_in(report);
    auto code = exit_code::done;
    if (options.watch) {
        code = watch_found(global, conf, options, kinds, report, bugs);
    }
    else {
        auto const text = text_of(report, bugs, options);
        std::fwrite(text.data(), 1, text.size(), stdout);
    }
    return code == exit_code::done && !report.troubles.empty() ? exit_code::some_failed : code;
}

} // namespace checkwatches::app
