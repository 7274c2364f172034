#include "engine/check/validators.hpp"

namespace checkwatches::check {

awaitable<result<std::vector<validator>>> known_validators(
    storage::background_reader& from,
    adapters::adapter const& kind,
    adapters::remote const& at,
    capabilities const& can,
    storage::tracker_id of,
    bug_rows bugs)
{
    std::vector<std::string> ids;
    ids.reserve(bugs.size());
    for (auto const* const bug : bugs)
        ids.push_back(bug->remote_id);
    auto const questions = kind.conditional_questions(at, can, ids);
    if (questions.empty())
        co_return std::vector<validator>{};
    std::vector<std::string> urls;
    urls.reserve(questions.size());
    for (auto const& q : questions)
        urls.push_back(q.url);
    auto question = [of, urls = std::move(urls)](storage::reader const& in) {
        return in.validators_of(of, urls);
    };
    auto const stored = co_await from.run(std::move(question));
    if (!stored)
        co_return stored.error();
    co_return usable_validators(*stored, questions, bugs);
}

} // namespace checkwatches::check
