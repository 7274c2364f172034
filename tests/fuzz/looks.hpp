#pragma once

#include "adapters/adapter.hpp"
#include "tests/fuzz/claim.hpp"
#include "tests/support/canned_remote.hpp"
#include "tests/support/run.hpp"

#include <charconv>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::fuzz {

// The answers that an input scripts, one after the other, parted by the byte 0x1E: "200 text/csv", a line
// feed, the body. The last one is given again and again.
inline std::vector<adapters::reply> answers_of(std::string_view script)
{
    std::vector<adapters::reply> out;
    while (!script.empty() && out.size() < 20) {
        auto one = script.substr(0, script.find('\x1E'));
        script.remove_prefix(std::min(script.size(), one.size() + 1));
        auto const head = take_line(one);
        adapters::reply answer{.status = 200};
        std::from_chars(head.data(), head.data() + head.size(), answer.status);
        auto const blank = head.find(' ');
        if (blank != std::string_view::npos)
            answer.headers = {{"Content-Type", std::string{head.substr(blank + 1)}}};
        answer.body = one;
        out.push_back(std::move(answer));
    }
    return out;
}

// Each id at most once and none that was not asked; a missing id is missing for a reason of its own or
// because of trouble.
inline void check_findings(
    adapters::adapter const& kind, std::vector<std::string> const& ids, adapters::findings const& found)
{
    std::set<std::string> const wanted{ids.begin(), ids.end()};
    std::set<std::string> seen;
    for (auto const& f : found.found) {
        claim(wanted.contains(f.remote_id), "only what was asked is found");
        claim(seen.insert(f.remote_id).second, "each id is found once");
        if (auto const* const gone = std::get_if<adapters::absence>(&f.what)) {
            claim(
                !is_tracker_failure(gone->why) && gone->why != outcome::seen,
                "an absence has a reason of its own");
        }
        else {
            auto const& words = std::get<sighting>(f.what).words;
            auto const means = kind.interpret(words);
            claim(
                means.state || !means.unmapped.empty() || remote_status(words).empty(), "no word is dropped");
        }
    }
    claim(seen.size() == wanted.size() || found.trouble.has_value(), "no id is lost without trouble");
}

// Whatever a tracker answers, a look ends, asks a bounded number of questions, and keeps the promises
// of its findings; one for changes too.
inline void check_look(
    adapters::adapter const& kind,
    capabilities const& can,
    std::vector<std::string> const& ids,
    std::string_view script,
    std::string_view base = "https://tracker.example.org/")
{
    auto const answers = answers_of(script);
    std::size_t asked = 0;
    test::canned_remote at{base, [&](adapters::request const& rq) -> result<adapters::reply> {
                               ++asked;
                               if (answers.empty())
                                   return error{.kind = error_kind::timeout};
                               auto const& answer = answers[std::min(asked, answers.size()) - 1];
                               constexpr unsigned not_modified = 304; // as a remote has it
                               if (answer.status == not_modified && !rq.conditional)
                                   return error{.kind = error_kind::protocol_error};
                               return answer;
                           }};
    constexpr std::size_t most_requests = 1000;
    check_findings(kind, ids, test::run(kind.look(at, can, ids)));
    claim(asked <= most_requests, "the requests are bounded");

    asked = 0;
    constexpr utc_time since{std::chrono::days{20'000}};
    check_findings(kind, ids, test::run(kind.look_changed(at, can, ids, since)));
    claim(asked <= most_requests, "the requests for changes are bounded");

    asked = 0;
    auto const probed = test::run(kind.probe(at));
    claim(asked <= most_requests, "the questions of a probe are bounded");
    claim(!probed || probed->batch >= 1, "a batch takes something");
}

} // namespace checkwatches::fuzz
