#include "adapters/gitlab/notes.hpp"

#include "adapters/gitlab/place.hpp"
#include "adapters/gitlab/rest.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::adapters::gitlab {
namespace {

constexpr std::size_t most_pages = 20;

std::string author_of(wire::json_object const& in)
{
    auto const author = wire::object_member(in, "author");
    if (!author)
        return {};
    auto name = wire::text_member(*author, "name");
    return name.empty() ? wire::text_member(*author, "username") : name;
}

bool is_hidden(wire::json_object const& note)
{
    for (auto const* const mark : {"system", "internal", "confidential"})
        if (wire::flag_member(note, mark).value_or(false))
            return true;
    return false;
}

class note_reader {
public:
    note_reader(remote& at, capabilities const& can, std::string const& id, std::optional<utc_time> since)
        : at_{at},
          way_{can.login},
          where_{place_of(at, protocol::read(can.protocol).prefix)},
          path_{"/issues/" + id},
          since_{since}
    {}

    awaitable<result<std::vector<comment>>> run()
    {
        if (way_.empty())
            co_return error{
                .kind = error_kind::unsupported, .message = "GitLab tells notes only to those who log in"};
        auto const report = co_await at_.ask(get(where_.of_project(path_), way_));
        if (!report)
            co_return report.error();
        if (auto wrong = take_report(*report))
            co_return std::move(*wrong);
        for (std::size_t page = 1;; ++page) {
            if (page > most_pages)
                co_return error{.kind = error_kind::too_large, .message = "too many notes"};
            auto const relative = fmt::format(
                "{}/notes?activity_filter=only_comments&order_by=created_at&sort=desc&per_page=100&page={}",
                path_,
                page);
            auto const answer = co_await at_.ask(get(where_.of_project(relative), way_));
            if (!answer)
                co_return answer.error();
            auto const more = take_notes(*answer);
            if (!more)
                co_return more.error();
            if (!*more)
                break;
        }
        if (report_)
            out_.push_back(std::move(*report_));
        std::ranges::reverse(out_);
        co_return std::move(out_);
    }

private:
    bool is_wanted(std::optional<utc_time> at) const { return !since_ || !at || *at >= *since_; }

    std::optional<error> take_report(reply const& from)
    {
        auto const in = read_json(from);
        if (!in)
            return is_missing_project(from) ? tracker_trouble(in.error()) : in.error();
        auto const root = in->object();
        if (!root)
            return forge::unreadable("the JSON is no issue", from);
        comment first{
            .remote_id = "description",
            .author = author_of(*root),
            .at = parse_time(wire::text_member(*root, "created_at")),
            .text = wire::text_member(*root, "description")};
        if (is_wanted(first.at))
            report_ = std::move(first);
        return std::nullopt;
    }

    // True where older ones may be wanted too.
    result<bool> take_notes(reply const& from)
    {
        auto const in = read_json(from);
        if (!in)
            return in.error();
        auto const notes = in->array();
        if (!notes)
            return forge::unreadable("the JSON is no list of notes", from);
        bool go_on = has_next_page(from);
        for (auto const element : *notes) {
            wire::json_object note;
            if (element.get_object().get(note) != simdjson::SUCCESS)
                continue;
            comment one{
                .remote_id = wire::text_member(note, "id"),
                .author = author_of(note),
                .at = parse_time(wire::text_member(note, "created_at")),
                .text = wire::text_member(note, "body")};
            go_on = go_on && is_wanted(one.at);
            // A note that was written while we read moves others to the next page.
            bool const is_known = std::ranges::find(out_, one.remote_id, &comment::remote_id) != out_.end();
            if (is_wanted(one.at) && !one.remote_id.empty() && !is_known && !is_hidden(note))
                out_.push_back(std::move(one));
        }
        return go_on;
    }

    remote& at_;
    std::string way_;
    place where_;
    std::string path_;
    std::optional<utc_time> since_;
    std::optional<comment> report_;
    std::vector<comment> out_; // newest first
};

} // namespace

awaitable<result<std::vector<comment>>>
read_comments(remote& at, capabilities const& can, std::string const& id, std::optional<utc_time> since)
{
    note_reader r{at, can, id, since};
    co_return co_await r.run();
}

} // namespace checkwatches::adapters::gitlab
