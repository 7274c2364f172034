#include "engine/remote/look_remote.hpp"

#include <algorithm>

namespace checkwatches {
namespace {

constexpr unsigned ok = 200;
constexpr unsigned not_modified = 304;

void make_conditional(adapters::request& rq, validator const& earlier)
{
    // The words go back as they came: Bugzilla's ETags are not quoted, and Apache's may end in "-gzip".
    if (!earlier.etag.empty())
        rq.headers.emplace_back("If-None-Match", earlier.etag);
    if (!earlier.last_modified.empty())
        rq.headers.emplace_back("If-Modified-Since", earlier.last_modified);
}

} // namespace

awaitable<result<adapters::reply>> look_remote::ask(adapters::request rq)
{
    question asked{.url = rq.url.text(), .conditional = rq.conditional, .began = time_.up()};
    if (auto const* const earlier = rq.conditional ? known_for(asked.url) : nullptr) {
        make_conditional(rq, *earlier);
        asked.has_earlier = true;
    }
    return heed(over_.ask(std::move(rq)), std::move(asked));
}

awaitable<result<adapters::reply>>
look_remote::heed(awaitable<result<adapters::reply>> coming, question asked)
{
    auto answer = co_await std::move(coming);
    if (!answer)
        co_return answer;
    note_clock(*answer, time_.up() - asked.began);
    if (answer->status == not_modified) {
        if (!asked.has_earlier)
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "answered 304 to a question that was not conditional",
                .request = answer->request};
        unchanged_.push_back(std::move(asked.url));
    }
    else if (asked.conditional || std::ranges::find(unchanged_, asked.url) != unchanged_.end()) {
        note_validator(*answer, std::move(asked.url));
    }
    co_return answer;
}

validator const* look_remote::known_for(std::string const& url) const
{
    auto const found = std::ranges::find(known_, url, &validator::url);
    return found == known_.end() ? nullptr : &*found;
}

void look_remote::note_validator(adapters::reply const& answer, std::string asked)
{
    if (answer.status != ok)
        return;
    auto const etag = answer.header("ETag");
    auto const last_modified = answer.header("Last-Modified");
    // An answer that came from elsewhere says nothing about this address.
    if ((etag.empty() && last_modified.empty()) || answer.url.text() != asked)
        return;
    learnt_.push_back(
        {.url = std::move(asked), .etag = std::string{etag}, .last_modified = std::string{last_modified}});
}

void look_remote::note_clock(adapters::reply const& answer, clock::duration took)
{
    auto const date = parse_http_date(answer.header("Date"));
    if (server_time_ || !date)
        return;
    server_time_ = *date - took;
    skew_ = *date - std::chrono::floor<std::chrono::seconds>(time_.now());
}

} // namespace checkwatches
