#include "adapters/jira/comments.hpp"

#include "adapters/jira/ask.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::jira {
namespace {

constexpr unsigned ok = 200;
constexpr std::size_t page_size = 100;
constexpr std::size_t most_pages = 50;

std::string author_in(wire::json_object const& in, std::string_view member)
{
    auto const who = wire::object_member(in, member);
    if (!who)
        return {};
    auto name = wire::text_member(*who, "displayName");
    return name.empty() ? wire::text_member(*who, "name") : name;
}

struct page {
    std::vector<comment> comments{};
    std::size_t rows = 0;
    std::int64_t total = 0;
};

// Nothing where this is no list of comments.
std::optional<page> read_page(document const& in)
{
    auto const comments = wire::array_member(in.root, "comments");
    auto const total = wire::integer_member(in.root, "total");
    if (!comments || !total)
        return std::nullopt;
    page out{.total = *total};
    for (auto const item : *comments) {
        ++out.rows;
        wire::json_object one;
        if (item.get_object().get(one) != simdjson::SUCCESS || wire::object_member(one, "visibility"))
            continue;
        comment read{
            .remote_id = wire::text_member(one, "id"),
            .author = author_in(one, "author"),
            .at = parse_time(wire::text_member(one, "created")),
            .text = wire::text_member(one, "body")};
        if (!read.remote_id.empty())
            out.comments.push_back(std::move(read));
    }
    return out;
}

class reader {
public:
    reader(remote& at, std::string_view login, std::string const& key) : at_{at}, login_{login}, key_{key} {}

    awaitable<result<std::vector<comment>>> run()
    {
        auto wrong = co_await read_report();
        for (std::size_t start = 0, pages = 0; !wrong && !ended_ && pages != most_pages; ++pages) {
            auto const relative = fmt::format(
                "rest/api/2/issue/{}/comment?startAt={}&maxResults={}&orderBy=created",
                key_,
                start,
                page_size);
            auto const in = co_await ask(relative);
            auto const some = in ? read_page(*in) : std::nullopt;
            if (!some) {
                wrong = in ? unreadable("the answer has no list of comments") : in.error();
                break;
            }
            out_.insert(out_.end(), some->comments.begin(), some->comments.end());
            start += some->rows;
            ended_ = some->rows == 0 || static_cast<std::int64_t>(start) >= some->total;
        }
        if (!wrong && !ended_)
            wrong = error{.kind = error_kind::too_large, .message = "too many comments"};
        if (wrong)
            co_return std::move(*wrong);
        co_return std::move(out_);
    }

private:
    awaitable<result<document>> ask(std::string relative)
    {
        auto const answer = co_await at_.ask(get(at_, relative, login_));
        if (!answer)
            co_return answer.error();
        auto in = read_document(*answer, login_);
        if (in && answer->status != ok)
            co_return unreadable(
                in->complaints.empty() ? "the question was refused" : shortened(in->complaints.front()));
        if (!in && in.error().kind == error_kind::auth_failed && login_.empty()) {
            auto why = in.error();
            why.kind = error_kind::forbidden; // of this issue
            co_return why;
        }
        co_return std::move(in);
    }

    awaitable<std::optional<error>> read_report()
    {
        auto const in = co_await ask("rest/api/2/issue/" + key_ + "?fields=description,reporter,created");
        if (!in)
            co_return in.error();
        auto const fields = wire::object_member(in->root, "fields");
        if (!fields)
            co_return unreadable("the answer is no issue");
        out_.push_back(
            {.remote_id = "description", // the report has no number among the comments
             .author = author_in(*fields, "reporter"),
             .at = parse_time(wire::text_member(*fields, "created")),
             .text = wire::text_member(*fields, "description")});
        co_return std::nullopt;
    }

    static error unreadable(std::string what)
    {
        return error{.kind = error_kind::unparsable, .message = std::move(what)};
    }

    remote& at_;
    std::string_view login_;
    std::string const& key_;
    std::vector<comment> out_;
    bool ended_ = false;
};

} // namespace

awaitable<result<std::vector<comment>>>
read_comments(remote& at, std::string_view login, std::string const& key, std::optional<utc_time> since)
{
    reader r{at, login, key};
    auto all = co_await r.run();
    if (all && since)
        std::erase_if(*all, [&](comment const& one) { return one.at && *one.at < *since; });
    co_return std::move(all);
}

} // namespace checkwatches::adapters::jira
