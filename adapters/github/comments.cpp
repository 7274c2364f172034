// GET {root}/repos/OWNER/NAME/issues/N, then …/N/comments?per_page=100&since=…, oldest first.
//
// `since` is about the last change of a comment, so an old one that was edited comes too: what was written
// before is left out here. Where the issue did not change since then, nothing was written.

#include "adapters/github/comments.hpp"

#include "adapters/github/records.hpp"
#include "adapters/trouble.hpp"

namespace checkwatches::adapters::github {
namespace {

constexpr std::size_t most_pages = 30; // an issue takes 2500 comments at most

comment to_comment(wire::json_object const& in, std::string_view anchor)
{
    comment out{
        .remote_id = std::string{anchor} + wire::text_member(in, "id"),
        .at = parse_time(wire::text_member(in, "created_at")),
        .text = wire::text_member(in, "body")};
    if (auto const author = wire::object_member(in, "user"))
        out.author = wire::text_member(*author, "login");
    return out;
}

class comment_reader {
public:
    comment_reader(remote& at, place where, std::string id, std::optional<utc_time> since)
        : at_{at},
          where_{std::move(where)},
          id_{std::move(id)},
          since_{since}
    {}

    awaitable<result<std::vector<comment>>> run()
    {
        auto const path = issue_path(where_, id_);
        auto const answer = co_await fetch(join(where_.root, path));
        if (!answer)
            co_return answer.error();
        auto const more = take_report(*answer);
        if (!more)
            co_return more.error();
        auto next = join(where_.root, comments_path());
        for (std::size_t page = 0; *more; ++page) {
            if (page == most_pages)
                co_return error{.kind = error_kind::too_large, .message = "too many comments"};
            auto const part = co_await fetch(next);
            if (!part)
                co_return part.error();
            if (auto wrong = take_comments(*part))
                co_return *wrong;
            auto const link = forge::next_link(*part);
            if (link.empty())
                break;
            auto const to = resolve(part->url, link);
            if (!to || to->origin() != where_.root.origin())
                co_return error{
                    .kind = error_kind::protocol_error,
                    .message = "the link to the next page leads out of the API: " + shortened(link),
                    .request = part->request};
            next = *to;
        }
        co_return std::move(out_);
    }

private:
    awaitable<result<reply>> fetch(web_url url)
    {
        auto rq = get(where_, std::move(url));
        rq.on_redirect = request::redirects::follow;
        co_return co_await at_.ask(std::move(rq));
    }

    std::string comments_path() const
    {
        auto path = issue_path(where_, id_) + "/comments?per_page=100";
        if (since_)
            path += "&since=" + percent_encode(format_time(*since_));
        return path;
    }

    void take(comment one)
    {
        if (!since_ || !one.at || *one.at >= *since_)
            out_.push_back(std::move(one));
    }

    // Whether there may be comments to read.
    result<bool> take_report(reply const& answer)
    {
        auto const in = read_json(answer);
        if (!in)
            return in.error();
        auto const root = in->object();
        auto const one = root ? read_issue(*root) : std::nullopt;
        if (!one)
            return forge::unreadable("the JSON is no issue", answer);
        if (one->number != id_)
            return error{.kind = error_kind::moved, .message = one->page, .request = answer.request};
        take(to_comment(*root, "issue-"));
        bool const is_quiet = since_ && one->what.modified && *one->what.modified < *since_;
        return !is_quiet && wire::integer_member(*root, "comments").value_or(1) != 0;
    }

    std::optional<error> take_comments(reply const& answer)
    {
        auto const in = read_json(answer);
        if (!in)
            return in.error();
        auto const rows = in->array();
        if (!rows)
            return forge::unreadable("the JSON is no list", answer);
        for (auto const item : *rows) {
            wire::json_object row;
            if (item.get_object().get(row) == simdjson::SUCCESS)
                take(to_comment(row, "issuecomment-"));
        }
        return std::nullopt;
    }

    remote& at_;
    place where_;
    std::string id_;
    std::optional<utc_time> since_;
    std::vector<comment> out_;
};

} // namespace

awaitable<result<std::vector<comment>>>
read_comments(remote& at, place where, std::string id, std::optional<utc_time> since)
{
    comment_reader one{at, std::move(where), std::move(id), since};
    co_return co_await one.run();
}

} // namespace checkwatches::adapters::github
