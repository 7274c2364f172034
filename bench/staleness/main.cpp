// How late changes are found, and for how many requests: the system that we replace and this engine in the
// same simulated world (bench/staleness/model.hpp says what happens there). Ends with 1 unless this engine
// sends fewer requests and finds the changes of open bugs earlier, on average and at the 95th percentile.
#include "bench/staleness/new_policy.hpp"
#include "bench/staleness/old_policy.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace {

using namespace checkwatches;
using namespace checkwatches::staleness;

struct contestant {
    std::string_view name;
    std::function<tally(site const&)> simulate;
};

struct kind {
    std::string_view name;
    std::optional<manner> how; // nothing: all of them
};
constexpr std::array kinds{
    kind{"all", std::nullopt},
    kind{"searched", manner::searched},
    kind{"exported", manner::exported},
    kind{"queried", manner::queried},
    kind{"single", manner::single},
};

// The tallies of the sites, put together.
tally sum(world const& in, std::vector<tally> const& of_sites, std::optional<manner> which)
{
    tally all{in.end};
    for (std::size_t i = 0; i != in.sites.size(); ++i)
        if (!which || in.sites[i].how == *which)
            all.add(of_sites[i]);
    return all;
}

void print(std::string_view kind, std::string_view who, double joining, tally const& of, bool json)
{
    auto const open = of.of_open();
    auto const every = of.of_all();
    constexpr double h = hour;
    if (json)
        fmt::print(
            "{{\"joining\":{},\"trackers\":\"{}\",\"policy\":\"{}\",\"requests\":{},\"rows\":{},"
            "\"open_mean_s\":{:.0f},\"open_p95_s\":{:.0f},\"all_mean_s\":{:.0f},\"all_p95_s\":{:.0f},"
            "\"never_found\":{}}}\n",
            joining,
            kind,
            who,
            of.requests(),
            of.rows(),
            open.mean,
            open.p95,
            every.mean,
            every.p95,
            of.never_found());
    else
        fmt::print(
            "{:9} {:16} {:9} {:9} {:10.1f} {:9.1f} {:9.1f} {:8.1f} {:12}\n",
            kind,
            who,
            of.requests(),
            of.rows(),
            open.mean / h,
            open.p95 / h,
            every.mean / h,
            every.p95 / h,
            of.never_found());
}

bool is_fresher(tally const& ours, tally const& old)
{
    auto const mine = ours.of_open();
    auto const theirs = old.of_open();
    return mine.mean < theirs.mean && mine.p95 < theirs.p95 && ours.never_found() == 0;
}

bool compete(world_size const& size, bool json)
{
    auto const in = make_world(size);
    check::schedule_policy const policy;
    auto daily = policy; // no bug more often than once a day
    daily.eager_for = std::chrono::seconds::zero();
    std::array const contestants{
        contestant{"old, one by one", [&](site const& s) { return simulate_old(s, asking::singly, in); }},
        contestant{"old, in batches", [&](site const& s) { return simulate_old(s, asking::batched, in); }},
        contestant{"ours", [&](site const& s) { return simulate_new(s, policy, in); }},
        contestant{"ours, daily", [&](site const& s) { return simulate_new(s, daily, in); }},
    };
    std::vector<std::vector<tally>> results;
    for (auto const& one : contestants) {
        auto& of_sites = results.emplace_back();
        for (auto const& s : in.sites)
            of_sites.push_back(one.simulate(s));
    }
    if (!json)
        fmt::print(
            "\n{} bugs on {} trackers, {} months; {:.0f} % come to be watched while it runs; ages in hours\n"
            "trackers  policy            requests      rows  open mean  open p95  all mean  all p95  never "
            "found\n",
            size.bugs,
            size.trackers,
            size.months,
            100 * size.joining);
    for (auto const& [name, how] : kinds)
        for (std::size_t i = 0; i != contestants.size(); ++i)
            print(name, contestants[i].name, size.joining, sum(in, results[i], how), json);
    auto const singly = sum(in, results[0], std::nullopt);
    auto const batched = sum(in, results[1], std::nullopt);
    auto const ours = sum(in, results[2], std::nullopt);
    return ours.requests() < std::min(singly.requests(), batched.requests()) && is_fresher(ours, batched)
           && is_fresher(ours, singly);
}

} // namespace

int main(int argc, char** argv)
{
    world_size size;
    bool json = false;
    CLI::App options{"How late changes are found, for how many requests"};
    options.add_option("--trackers", size.trackers, "trackers")->check(CLI::Range(1, 100'000));
    options.add_option("--bugs", size.bugs, "bugs on all of them")->check(CLI::Range(1, 100'000'000));
    options.add_option("--months", size.months, "months of 30 days")->check(CLI::Range(1, 120));
    options.add_option("--seed", size.seed, "another seed is another world");
    options.add_flag("--json", json, "one object a line");
    CLI11_PARSE(options, argc, argv);

    bool better = true;
    for (double const joining : {0.0, 0.2}) {
        size.joining = joining;
        better = compete(size, json) && better;
    }
    if (!better)
        std::fputs("staleness: the engine is not better in each respect\n", stderr);
    return better ? 0 : 1;
}
