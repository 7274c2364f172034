// How late changes are found, and for how many requests: the system that we replace and this engine in the
// same simulated world (bench/staleness/model.hpp says what happens there). Ends with 1 unless this engine
// sends fewer requests and finds the changes of open bugs earlier, on average and at the 95th percentile.
#include "bench/staleness/clairvoyant.hpp"
#include "bench/staleness/hourly_policy.hpp"
#include "bench/staleness/informed_policy.hpp"
#include "bench/staleness/new_policy.hpp"
#include "bench/staleness/old_policy.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

using namespace checkwatches;
using namespace checkwatches::staleness;

struct contestant {
    std::string_view name;
    std::function<tally(site const&)> policy;
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

struct line {
    double joining{};
    std::string_view trackers{}; // a kind of them
    std::string_view policy;
    std::optional<double> price{}; // of a request, seconds of age
};

void print_json(line const& of, tally const& found)
{
    auto const open = found.of_open();
    auto const every = found.of_all();
    fmt::print(
        "{{\"joining\":{},\"trackers\":\"{}\",\"policy\":\"{}\",{}\"requests\":{},\"rows\":{},\"found\":{},"
        "\"open_mean_s\":{:.0f},\"open_p95_s\":{:.0f},\"all_mean_s\":{:.0f},\"all_p95_s\":{:.0f},"
        "\"expected_mean_s\":{:.0f},\"never_found\":{}}}\n",
        of.joining,
        of.trackers,
        of.policy,
        of.price ? fmt::format("\"price_s\":{:.0f},", *of.price) : "",
        found.requests(),
        found.rows(),
        found.changes_found(),
        open.mean,
        open.p95,
        every.mean,
        every.p95,
        found.expected_mean(),
        found.never_found());
}

void print_text(line const& of, tally const& found)
{
    auto const open = found.of_open();
    auto const every = found.of_all();
    constexpr double h = hour;
    fmt::print(
        "{:9} {:19} {:9} {:9} {:10.1f} {:9.1f} {:9.1f} {:8.1f} {:12}\n",
        of.trackers,
        of.price ? fmt::format("{}, {:g} h", of.policy, *of.price / h) : std::string{of.policy},
        found.requests(),
        found.rows(),
        open.mean / h,
        open.p95 / h,
        every.mean / h,
        every.p95 / h,
        found.never_found());
}

void print(world const& in, std::vector<tally> const& of_sites, line of, bool json)
{
    for (auto const& [name, how] : kinds) {
        of.trackers = name;
        (json ? print_json : print_text)(of, sum(in, of_sites, how));
    }
}

std::vector<tally> simulate(world const& in, std::function<tally(site const&)> const& policy)
{
    std::vector<tally> out;
    std::ranges::transform(in.sites, std::back_inserter(out), policy);
    return out;
}

// What could be reached at all, for a range of prices of a request: from far more of them than anybody should
// send to far fewer.
void print_optimum(world const& in, double joining, bool json)
{
    for (double const price : {0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8}) {
        line of{.joining = joining, .policy = "informed", .price = price * hour};
        auto const informed = [&](site const& s) { return simulate_informed(s, *of.price, in); };
        print(in, simulate(in, informed), of, json);
    }
    for (double const price : {0.0, 1.0, 4.0, 16.0, 64.0, 256.0}) {
        line of{.joining = joining, .policy = "clairvoyant", .price = price * hour};
        print(in, simulate(in, [&](site const& s) { return foresee(s, *of.price, in); }), of, json);
    }
}

bool is_fresher(tally const& ours, tally const& old)
{
    auto const mine = ours.of_open();
    auto const theirs = old.of_open();
    return mine.mean < theirs.mean && mine.p95 < theirs.p95 && ours.never_found() == 0;
}

bool compete(world_size const& size, bool optimum, bool json)
{
    auto const in = make_world(size);
    check::schedule_policy const defaults;
    auto daily = defaults; // no bug more often than once a day
    daily.eager_for = std::chrono::seconds::zero();
    std::array const contestants{
        contestant{"old, one by one", [&](site const& s) { return simulate_old(s, asking::singly, in); }},
        contestant{"old, in batches", [&](site const& s) { return simulate_old(s, asking::batched, in); }},
        contestant{"every hour", [&](site const& s) { return simulate_hourly(s, in); }},
        contestant{"ours", [&](site const& s) { return simulate_new(s, defaults, in); }},
        contestant{"ours, daily", [&](site const& s) { return simulate_new(s, daily, in); }},
    };
    if (!json)
        fmt::print(
            "\n{} bugs on {} trackers, {} months; {:.0f} % come to be watched while it runs; ages in hours\n"
            "trackers  policy               requests      rows  open mean  open p95  all mean  all p95  "
            "never found\n",
            size.bugs,
            size.trackers,
            size.months,
            100 * size.joining);
    std::map<std::string_view, tally> all;
    for (auto const& [name, policy] : contestants) {
        auto const results = simulate(in, policy);
        print(in, results, {.joining = size.joining, .policy = name}, json);
        all.emplace(name, sum(in, results, std::nullopt));
    }
    if (optimum)
        print_optimum(in, size.joining, json);
    auto const& [singly, batched, ours] = std::tie(
        all.at("old, one by one"), all.at("old, in batches"), all.at("ours"));
    return ours.requests() < std::min(singly.requests(), batched.requests()) && is_fresher(ours, batched)
           && is_fresher(ours, singly);
}

} // namespace

int main(int argc, char** argv)
{
    world_size size;
    bool json = false;
    bool optimum = false;
    CLI::App options{"How late changes are found, for how many requests"};
    options.add_option("--trackers", size.trackers, "trackers")->check(CLI::Range(1, 100'000));
    options.add_option("--bugs", size.bugs, "bugs on all of them")->check(CLI::Range(1, 100'000'000));
    options.add_option("--months", size.months, "months of 30 days")->check(CLI::Range(1, 120));
    options.add_option("--seed", size.seed, "another seed is another world");
    options.add_flag("--optimum", optimum, "and what could be reached at all");
    options.add_flag("--json", json, "one object a line");
    CLI11_PARSE(options, argc, argv);

    bool better = true;
    for (double const joining : {0.0, 0.2}) {
        size.joining = joining;
        better = compete(size, optimum, json) && better;
    }
    if (!better)
        std::fputs("staleness: the engine is not better in each respect\n", stderr);
    return better ? 0 : 1;
}
