#include "engine/check/pass_book.hpp"

namespace checkwatches::check {
namespace {

bool is_limit(error const& trouble, bool offline)
{
    return trouble.kind == error_kind::rate_limited || (trouble.kind == error_kind::deferred && !offline);
}

} // namespace

pass_book::pass_book(storage::tracker const& at, clock const& time, engine_observer* told)
    : at_{at},
      time_{time},
      told_{told},
      pass_{.from = at.id, .tracker = at.name, .began = time.now()}
{
    if (told_ != nullptr)
        told_->on_pass_began(at_);
}

pass_book::~pass_book()
{
    if (told_ == nullptr)
        return;
    pass_.ended = time_.now();
    told_->on_pass_ended(at_, pass_);
}

void pass_book::settled(std::vector<storage::settled_bug> const& bugs)
{
    for (auto const& bug : bugs) {
        bool const failed = bug.after.last_outcome && !is_success(*bug.after.last_outcome);
        ++pass_.asked;
        if (bug.after.last_outcome)
            ++pass_.outcomes[*bug.after.last_outcome];
        pass_.failed += failed ? 1 : 0;
        pass_.changes += static_cast<std::int64_t>(bug.changes.size());
    }
    if (told_ != nullptr)
        told_->on_settled(at_, bugs);
}

bound_remote::on_request pass_book::on_request()
{
    if (told_ == nullptr)
        return {};
    return [this](unsigned status, std::chrono::nanoseconds took) { told_->on_request(at_, status, took); };
}

std::optional<storage::tracker_pass>
pass_book::close(bound_remote const& over, std::optional<error> const& trouble, bool offline)
{
    pass_.requests = static_cast<std::int64_t>(over.requests());
    pass_.not_modified = static_cast<std::int64_t>(over.not_modified());
    pass_.bytes = static_cast<std::int64_t>(over.bytes());
    pass_.deferred = trouble && is_limit(*trouble, offline);
    pass_.trouble = trouble ? to_string(*trouble) : "";
    pass_.ended = time_.now();
    if (pass_.asked == 0 && pass_.requests == 0)
        return std::nullopt;
    return pass_;
}

} // namespace checkwatches::check
