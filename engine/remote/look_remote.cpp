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
    auto const asked = rq.url.text();
    bool const conditional = rq.conditional;
    auto const* const earlier = known_for(rq);
    if (earlier != nullptr)
        make_conditional(rq, *earlier);

    auto const began = time_.up();
    auto answer = co_await over_.ask(std::move(rq));
    if (!answer)
        co_return answer;
    note_clock(*answer, time_.up() - began);
    if (answer->status == not_modified) {
        if (earlier == nullptr)
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "answered 304 to a question that was not conditional",
                .request = answer->request};
        unchanged_.push_back(asked);
    }
    else if (conditional || std::ranges::find(unchanged_, asked) != unchanged_.end()) {
        note_validator(*answer, asked);
    }
    co_return answer;
}

validator const* look_remote::known_for(adapters::request const& rq) const
{
    if (!rq.conditional)
        return nullptr;
    auto const found = std::ranges::find(known_, rq.url.text(), &validator::url);
    return found == known_.end() ? nullptr : &*found;
}

void look_remote::note_validator(adapters::reply const& answer, std::string const& asked)
{
    // An answer that came from elsewhere says nothing about this address.
    if (answer.status != ok || answer.url.text() != asked)
        return;
    validator fresh{
        .url = asked,
        .etag = std::string{answer.header("ETag")},
        .last_modified = std::string{answer.header("Last-Modified")}};
    if (!fresh.etag.empty() || !fresh.last_modified.empty())
        learnt_.push_back(std::move(fresh));
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
