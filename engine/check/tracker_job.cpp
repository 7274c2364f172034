#include "engine/check/tracker_job.hpp"

#include "engine/check/bisect.hpp"
#include "engine/check/tell_signatures.hpp"
#include "engine/core/join.hpp"
#include "engine/remote/look_remote.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace checkwatches::check {
namespace {

std::vector<std::string> ids_of(std::span<storage::settled_bug const> batch)
{
    std::vector<std::string> ids;
    ids.reserve(batch.size());
    for (auto const& bug : batch)
        ids.push_back(bug.after.remote_id);
    return ids;
}

// Trouble that an upgrade or a move of the tracker can explain: what was probed is not believed any longer.
bool may_have_changed(std::optional<error> const& trouble)
{
    return trouble
           && (trouble->kind == error_kind::protocol_error || trouble->kind == error_kind::unsupported
               || trouble->kind == error_kind::auth_failed);
}

bool may_be_ours(std::optional<error> const& trouble)
{
    return trouble && can_be_ours(trouble->kind);
}

std::string host_of(remote_binding const& to)
{
    return to.api ? to.api->host : to.base.host;
}

// The alarm counts on from the runs before, in which no known bug was seen either.
shrink_limits after(shrink_limits limits, std::size_t missing)
{
    if (limits.fewest != 0)
        limits.fewest = limits.fewest > missing ? limits.fewest - missing : 1;
    return limits;
}

error our_own(error const& failure)
{
    return error{
        .kind = error_kind::deferred,
        .message = "we are offline, it seems: " + failure.message,
        .request = failure.request};
}

} // namespace

struct tracker_job::look_result {
    adapters::findings found{};
    look_context of{};
    std::vector<validator> learnt{};
};

tracker_job::tracker_job(
    job_context const& shared, adapters::adapter const& kind, job_subject what, remote_binding to)
    : shared_{shared},
      kind_{kind},
      what_{std::move(what)},
      host_{host_of(to)},
      has_login_{to.login.has_value()},
      retries_{shared.how.retry.per_pass},
      remote_{
          shared.over,
          std::move(to),
          retrying{
              .policy = shared.how.retry, .left = retries_, .time = shared.time, .random01 = shared.random01},
          shared.on_request},
      comments_{parts_of_comments(), what_.settings, shared.how.comments},
      guard_{after(shared.how.shrink, what_.missing)}
{}

awaitable<void> tracker_job::check(std::vector<storage::settled_bug> bugs)
{
    bugs_ = std::move(bugs);
    if (!prepared_) {
        prepared_ = true;
        trouble_ = co_await learn_capabilities();
        if (trouble_) {
            co_await fail_first_batch();
            co_return;
        }
    }
    co_await plan();
    if (broken_store_)
        co_return;
    auto const most_lanes = static_cast<std::size_t>(
        what_.settings.lanes.value_or(static_cast<std::int64_t>(shared_.how.lanes)));
    std::vector<awaitable<void>> lanes;
    lanes.reserve(most_lanes);
    for (std::size_t i = 0; i != std::min(most_lanes, plan_.batches.size()); ++i)
        lanes.push_back(lane());
    // A single lane, as most trackers need, is spared the cost of a group.
    if (lanes.size() == 1)
        co_await std::move(lanes.front());
    else
        co_await join(std::move(lanes));
    co_await read_comments();
}

// What is asked in which requests, and what makes them conditional.
awaitable<void> tracker_job::plan()
{
    auto const due = rows_of(bugs_);
    plan_ = plan_batches(
        can_, what_.settings, due, what_.clock_trusted, shared_.how.batching, shared_.time.now());
    next_ = 0;
    auto known = co_await known_validators(
        shared_.from, kind_, remote_, can_, what_.tracker.id, due, plan_.batches);
    if (known)
        known_ = std::move(*known);
    else
        broken_store_ = known.error();
}

comment_reader::parts tracker_job::parts_of_comments()
{
    return {
        .into = shared_.into,
        .from = shared_.from,
        .time = shared_.time,
        .kind = kind_,
        .at = remote_,
        .is_ours = [this] { return is_our_own(); },
        .on_read = shared_.on_look};
}

awaitable<bool> tracker_job::is_our_own()
{
    auto const whose = co_await shared_.network.judge(host_);
    co_return whose == blame::ourselves;
}

// Of the bugs that were seen, after all that is known of their status is stored. What goes wrong touches none
// of them.
awaitable<void> tracker_job::read_comments()
{
    auto go_on = [this] { return !is_over(); };
    auto const wrong = co_await comments_.read(can_, go_on);
    if (wrong && wrong->kind == error_kind::storage)
        broken_store_ = wrong;
    else if (wrong && !trouble_)
        trouble_ = wrong;
}

awaitable<void> tracker_job::finish()
{
    knows_none_ = guard_.held();
    auto held = guard_.close();
    if (held.found.trouble && !trouble_)
        trouble_ = held.found.trouble;
    if (!broken_store_) {
        auto last = settled(std::move(held));
        co_await store(std::move(last));
    }
    if (may_have_changed(trouble_) && !broken_store_)
        co_await keep_capabilities(std::chrono::seconds::zero());
}

awaitable<void> tracker_job::lane()
{
    while (!is_over() && next_ < plan_.batches.size()) {
        auto const number = next_++;
        looked asked{.bugs = take_out(plan_.batches[number])};
        auto got = co_await look(number, asked.bugs);
        if (broken_store_)
            co_return;
        auto report = take_in(std::move(asked), std::move(got));
        co_await store(std::move(report));
    }
}

// What is to be stored of a look.
tracker_job::shared_report tracker_job::take_in(looked asked, look_result got)
{
    if (got.found.trouble && !trouble_)
        trouble_ = got.found.trouble;
    note_answered(got.found.found);
    asked.found = std::move(got.found);
    return settled(guard_.pass(std::move(asked)), got.of, std::move(got.learnt));
}

void tracker_job::note_answered(std::vector<adapters::finding> const& found)
{
    auto const last = std::find_if(
        found.rbegin(), found.rend(), [](auto const& f) { return std::holds_alternative<sighting>(f.what); });
    if (last != found.rend())
        answered_ = last->remote_id;
}

// Each batch is asked once.
std::vector<validator> tracker_job::known_for(std::size_t number)
{
    return known_.empty() ? std::vector<validator>{} : std::move(known_[number]);
}

std::vector<storage::settled_bug> tracker_job::take_out(batch const& which)
{
    bool const is_all = which.members.size() == bugs_.size() && std::ranges::is_sorted(which.members);
    if (is_all) // as of most trackers: a row is large, and stays where it is
        return std::exchange(bugs_, {});
    std::vector<storage::settled_bug> out;
    out.reserve(which.members.size());
    for (auto const place : which.members)
        out.push_back(std::move(bugs_[place]));
    return out;
}

// Asks for one batch, bisecting it where one of its ids may spoil it.
awaitable<tracker_job::look_result>
tracker_job::look(std::size_t number, std::vector<storage::settled_bug> const& bugs)
{
    auto const& which = plan_.batches[number];
    auto const ids = ids_of(bugs);
    look_remote at{remote_, shared_.time, known_for(number)};
    auto const ask = [&](std::span<std::string const> some) {
        return which.how == batch::manner::changed ? kind_.look_changed(at, can_, some, which.since)
                                                   : kind_.look(at, can_, some);
    };
    bisect_limits limits;
    if (!answered_.empty() && std::ranges::find(ids, answered_) == ids.end())
        limits.control = answered_;
    look_result out;
    auto const answers = remote_.answers();
    out.found = co_await look_bisecting(ask, ids, std::move(limits));
    shared_.on_look();
    if (may_be_ours(out.found.trouble))
        co_await find_the_blame(out.found);
    else
        note_network(answers);

    if (at.skew())
        skew_ = at.skew();
    auto const now = shared_.time.now();
    bool const skewed = at.skew() && is_skewed(now + *at.skew(), now, shared_.how.batching);
    if (!skewed)
        out.of.server_time = at.server_time();
    out.learnt = at.validators();
    co_return out;
}

// A failure of the connection is the tracker's only where it is not our own.
awaitable<void> tracker_job::find_the_blame(adapters::findings& found)
{
    auto const whose = co_await shared_.network.judge(host_);
    if (whose == blame::ourselves)
        found.trouble = our_own(*found.trouble);
}

void tracker_job::note_network(std::size_t answers_before)
{
    if (remote_.answers() != answers_before && !remote_.is_local())
        shared_.network.worked();
}

tracker_job::shared_report
tracker_job::settled(looked look, look_context const& of, std::vector<validator> learnt) const
{
    auto const now = shared_.time.now();
    auto const out = std::make_shared<storage::report>();
    auto& report = *out;
    report.from = what_.tracker.id;
    report.at = now;
    interpreter const words{kind_, overrides_of(shared_.meanings, what_.tracker.name)};
    report.bugs = settle(std::move(look.bugs), std::move(look.found), words, shared_.how.policy, now, of);
    report.validators.reserve(learnt.size());
    for (auto& v : learnt)
        report.validators.push_back(
            {.url = std::move(v.url),
             .etag = std::move(v.etag),
             .last_modified = std::move(v.last_modified),
             .at = now});
    return out;
}

awaitable<void> tracker_job::store(shared_report whole)
{
    auto const& bugs = whole->bugs;
    if (bugs.empty())
        co_return;
    auto const stored = co_await shared_.into.apply(whole);
    if (!stored) {
        broken_store_ = stored.error();
        co_return;
    }
    tell_signatures(shared_.log, stored->signatures);
    for (auto const& bug : bugs)
        seen_ += bug.after.last_outcome && is_success(*bug.after.last_outcome) ? 1 : 0;
    comments_.note(bugs);
    shared_.on_settled(bugs);
}

// Where the tracker cannot even be probed: the bugs that the first batch would have asked for were asked for
// in vain; the others were not.
awaitable<void> tracker_job::fail_first_batch()
{
    adapters::findings nothing{.trouble = trouble_};
    if (may_be_ours(trouble_))
        co_await find_the_blame(nothing);
    else
        note_network(0);
    trouble_ = nothing.trouble;
    looked first{.found = std::move(nothing)};
    first.bugs = std::exchange(bugs_, {});
    first.bugs.resize(std::min(first.bugs.size(), std::max<std::size_t>(can_.batch, 1)));
    auto all = settled(std::move(first));
    co_await store(std::move(all));
}

awaitable<std::optional<error>> tracker_job::learn_capabilities()
{
    if (what_.can)
        can_ = what_.can->can;
    if (!must_probe())
        co_return std::nullopt;
    auto const probed = co_await kind_.probe(remote_);
    if (!probed)
        co_return probed.error();
    can_ = *probed;
    co_await keep_capabilities(shared_.how.capabilities_last);
    co_return std::nullopt;
}

awaitable<void> tracker_job::keep_capabilities(std::chrono::seconds lasting)
{
    auto const now = shared_.time.now();
    // What is only not believed any longer was probed when it was.
    bool const is_news = lasting > std::chrono::seconds::zero();
    auto const probed_at = is_news || !what_.can ? now : what_.can->probed_at;
    storage::stored_capabilities const known{
        .can = can_, .probed_at = probed_at, .expires_at = now + lasting};
    auto work = [of = what_.tracker.id, known](storage::store& to) { to.put_capabilities(of, known); };
    auto const stored = co_await shared_.into.run(std::move(work));
    if (!stored)
        broken_store_ = stored.error();
    else
        what_.can = known;
}

bool tracker_job::must_probe() const
{
    // A credential that came or went since the probe makes its proof void.
    return !what_.can || what_.can->expires_at <= shared_.time.now()
           || what_.can->can.login.empty() == has_login_;
}

} // namespace checkwatches::check
