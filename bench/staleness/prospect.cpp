#include "bench/staleness/prospect.hpp"

#include <cmath>

namespace checkwatches::staleness {
namespace {

// Of a session after one of its changes: that another one follows, after such a gap.
constexpr double to_short = law::goes_on * law::is_short;
constexpr double to_long = law::goes_on * (1 - law::is_short);

double rate_of(subject const& bug, bool is_open)
{
    return bug.activity * (is_open ? 1.0 : law::resolved_rate);
}

} // namespace

prospect::prospect(subject const& bug, viewed const& seen, moment now)
    : rate_(rate_of(bug, seen.is_open())),
      turned_rate_(rate_of(bug, !seen.is_open())),
      turns_(seen.is_open() ? law::resolves : law::reopens),
      age_(static_cast<double>(now - bug.born) + law::new_until)
{
    auto const* last = seen.last();
    // A session that turns a bug ends with that.
    if (last == nullptr || last->was_open != last->is_open)
        return;
    auto const since = static_cast<double>(now - last->at);
    auto const rests = (1 - law::goes_on) * (1 - turns_) * std::pow((age_ - since) / age_, rate_);
    auto const in_short = to_short * std::exp(-since / law::short_gap);
    auto const in_long = to_long * std::exp(-since / law::long_gap);
    in_short_ = in_short / (rests + in_short + in_long);
    in_long_ = in_long / (rests + in_short + in_long);
}

void prospect::advance(double seconds)
{
    auto const out_of_short = in_short_ * seconds / law::short_gap;
    auto const out_of_long = in_long_ * seconds / law::long_gap;
    auto const out_of_rest = (1 - in_short_ - in_long_ - is_turned_) * rate_ * seconds / age_;
    auto const out_of_turned = is_turned_ * turned_rate_ * seconds / age_;
    auto const more = out_of_short + out_of_long + out_of_rest + out_of_turned;
    waited_ += (changes_ + more / 2) * seconds;
    changes_ += more;
    in_short_ += to_short * more - out_of_short;
    in_long_ += to_long * more - out_of_long;
    is_turned_ += (1 - law::goes_on) * turns_ * more - out_of_turned;
    age_ += seconds;
    elapsed_ += seconds;
}

} // namespace checkwatches::staleness
