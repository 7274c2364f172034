#include "engine/check/tell_signatures.hpp"

namespace checkwatches::check {
namespace {

using news_of = storage::signature_news::what;

struct wording {
    log_level level{};
    std::string_view event{};
};

wording wording_of(news_of what)
{
    switch (what) {
    case news_of::first: return {log_level::warning, "checks fail"};
    case news_of::power_of_10: return {log_level::warning, "checks still fail"};
    case news_of::ended: break;
    }
    return {log_level::notice, "checks fail no longer"};
}

} // namespace

void tell_signatures(logger& to, std::vector<storage::signature_news> const& news)
{
    for (auto const& s : news) {
        auto const [level, event] = wording_of(s.news);
        to.write(
            level,
            event,
            {{"tracker", s.tracker},
             {"outcome", word(s.how)},
             {"message", s.message},
             {"times", s.times},
             {"sample", s.sample}});
    }
}

} // namespace checkwatches::check
