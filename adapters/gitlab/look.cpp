#include "adapters/gitlab/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/gitlab/rest.hpp"
#include "adapters/gitlab/supplement.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace checkwatches::adapters::gitlab {
namespace {

constexpr unsigned not_modified = 304;
constexpr std::size_t largest_page = 100;

// "https://host/group/project" and "75" of a page's or of the API's address; nothing where it is neither.
std::optional<bug_ref> bug_at(std::string_view address)
{
    auto const url = parse_url(address);
    return url ? recognise(*url) : std::nullopt;
}

// What stands before "/issues/N" in an address of the API: of two issues of one project it is the same.
std::string_view api_project(std::string_view address)
{
    return address.substr(0, address.rfind("/issues/"));
}

class looker {
public:
    looker(remote& at, capabilities const& can, ledger& book)
        : at_{at},
          how_{protocol::read(can.protocol)},
          where_{place_of(at, how_.prefix)},
          way_{can.login},
          book_{book},
          doubts_{book, true}
    {}

    awaitable<void> run(std::optional<utc_time> since)
    {
        bool go_on = co_await look_at_list(since);
        if (go_on) {
            for (auto const& id : missing()) {
                go_on = co_await look_singly(id);
                if (!go_on)
                    break;
            }
            doubts_.close();
        }
        if (go_on)
            co_await ask_more();
        // What is not known of a row would be read as if it were not there.
        std::erase_if(rows_, [&](issue const& one) { return needs_more(one) && !more_.contains(one.id); });
        for (auto& one : rows_)
            enter(one);
    }

private:
    // Each is false where trouble ended the look.
    awaitable<bool> look_at_list(std::optional<utc_time> since);
    awaitable<bool> look_singly(std::string const& id);
    bool failed(std::string const& id, error const& why, reply const& answer);
    // Asks GraphQL about the rows that need it.
    awaitable<void> ask_more();

    // What only GraphQL knows of this one: where it moved to; what it duplicates, where REST does not say;
    // the status of its work item.
    bool needs_more(issue const& one) const
    {
        if (how_.more == supplement::none)
            return false;
        bool const is_closed = one.seen.words.status == "closed";
        bool const twin_unknown = one.twin.empty() ? way_.empty() : !is_of_this_project(one);
        return how_.more == supplement::status || one.moved || (is_closed && twin_unknown);
    }
    // What it duplicates is.
    static bool is_of_this_project(issue const& one)
    {
        return !one.self.empty() && api_project(one.twin) == api_project(one.self);
    }
    void enter(issue& one); // which is used up
    std::string duplicated(issue const& one, addition const& more) const;

    // Once for each issue.
    void keep(issue one)
    {
        if (kept_.insert(one.id).second)
            rows_.push_back(std::move(one));
    }
    std::vector<std::string> missing() const
    {
        auto out = book_.open();
        std::erase_if(out, [&](std::string const& id) { return kept_.contains(id); });
        return out;
    }
    bool trouble(error why)
    {
        book_.trouble(std::move(why));
        return false;
    }

    remote& at_;
    protocol how_;
    place where_;
    std::string way_;
    ledger& book_;
    doubts doubts_;
    std::vector<issue> rows_;              // that were seen, and are not in the book yet
    std::unordered_set<std::string> kept_; // their ids
    additions more_;
};

awaitable<bool> looker::look_at_list(std::optional<utc_time> since)
{
    auto const ids = book_.open();
    auto rq = get(list_address(where_, ids, since), way_);
    rq.conditional = !since;
    auto const answer = co_await at_.ask(std::move(rq));
    if (!answer)
        co_return trouble(answer.error());
    if (answer->status == not_modified) {
        book_.unmodified(ids);
        co_return true;
    }
    auto page = read_issues(*answer);
    if (!page)
        co_return trouble(tracker_trouble(page.error()));
    std::size_t strangers = 0;
    for (auto& one : page->issues) {
        if (!book_.is_open(one.id))
            ++strangers;
        else if (one.seen.words.status.empty())
            book_.absent(one.id, outcome::unparsable, "the issue has no state");
        else
            keep(std::move(one));
    }
    if (strangers != 0 && strangers == page->issues.size())
        co_return trouble(
            {.kind = error_kind::protocol_error,
             .message = fmt::format("{} issues came, and none of them was asked for", strangers),
             .request = answer->request});
    bool const is_obeyed = strangers == 0 && !page->unreadable && page->is_last;
    if (since && is_obeyed)
        book_.unmodified(missing());
    co_return true;
}

awaitable<bool> looker::look_singly(std::string const& id)
{
    auto const answer = co_await at_.ask(get(where_.of_project("/issues/" + id), way_));
    if (!answer)
        co_return trouble(answer.error());
    auto one = read_issue(*answer);
    if (!one)
        co_return failed(id, one.error(), *answer);
    doubts_.clear_up();
    if (one->id == id)
        keep(std::move(*one));
    else
        book_.absent(id, outcome::unparsable, "the answer is about issue " + one->id);
    co_return true;
}

bool looker::failed(std::string const& id, error const& why, reply const& answer)
{
    bool const of_api = wire::media_type(answer.header("Content-Type")) == "application/json";
    auto const absent = [&](outcome what, std::string detail) {
        book_.absent(id, what, std::move(detail));
        doubts_.clear_up();
        return true;
    };
    switch (why.kind) {
    case error_kind::not_found:
        if (!of_api || is_missing_project(answer))
            break;
        return absent(
            outcome::not_found,
            "GitLab does not tell a confidential issue from a missing one: " + why.message);
    case error_kind::forbidden:
        if (!of_api)
            break;
        return absent(outcome::forbidden, why.message);
    case error_kind::gone: return absent(outcome::gone, why.message);
    case error_kind::unparsable: return absent(outcome::unparsable, why.message);
    case error_kind::auth_failed: return doubts_.hold(id, outcome::forbidden, why);
    case error_kind::protocol_error:
        if (answer.status >= 500)
            return doubts_.hold(id, outcome::not_answered, why);
        break;
    default: break;
    }
    return trouble(tracker_trouble(why));
}

awaitable<void> looker::ask_more()
{
    std::vector<std::string> ids;
    for (auto const& one : rows_)
        if (needs_more(one))
            ids.push_back(one.id);
    if (ids.empty())
        co_return;
    // A project that was renamed is found under its old name by REST only.
    auto where = where_;
    if (auto const page = bug_at(rows_.front().page)) {
        std::string_view path{page->base.path};
        if (path.starts_with(how_.prefix))
            path.remove_prefix(how_.prefix.size());
        where.project = path_name(path).value_or(where_.project);
    }
    auto more = co_await ask_supplement(at_, where, how_.more, way_, ids);
    if (more)
        more_ = std::move(*more);
    else
        book_.trouble(tracker_trouble(more.error()));
}

void looker::enter(issue& one)
{
    auto const told = more_.find(one.id);
    auto const more = told == more_.end() ? addition{} : told->second;
    if (one.moved) {
        auto where = more.moved_to.empty() ? "to another project, which is not visible" : more.moved_to;
        book_.absent(one.id, outcome::moved, std::move(where));
        return;
    }
    auto& seen = one.seen;
    seen.duplicate_of = duplicated(one, more);
    seen.words.resolution = seen.duplicate_of.empty() ? more.status : "duplicate";
    book_.sighted(one.id, std::move(seen));
}

// The number of an issue of this project, or the address of another.
std::string looker::duplicated(issue const& one, addition const& more) const
{
    if (!one.twin.empty() && is_of_this_project(one))
        return wire::normal_number(one.twin.substr(one.twin.rfind('/') + 1));
    if (more.duplicate_of.empty())
        return one.twin;
    auto const there = bug_at(more.duplicate_of);
    auto const here = bug_at(one.page);
    if (there && here && there->base == here->base)
        return there->remote_id;
    return more.duplicate_of;
}

} // namespace

web_url list_address(place const& where, std::vector<std::string> ids, std::optional<utc_time> since)
{
    std::ranges::sort(ids);
    std::vector<std::pair<std::string, std::string>> fields;
    fields.reserve(ids.size() + 4);
    for (auto& id : ids)
        fields.emplace_back("iids[]", std::move(id));
    fields.emplace_back("state", "all");
    fields.emplace_back("scope", "all");
    fields.emplace_back("per_page", std::to_string(largest_page));
    if (since)
        fields.emplace_back("updated_after", format_time(*since));
    return where.of_project("/issues?" + form_encode(fields));
}

awaitable<void> look(remote& at, capabilities const& can, ledger& book, std::optional<utc_time> since)
{
    if (book.open().empty())
        co_return;
    looker l{at, can, book};
    co_await l.run(since);
}

} // namespace checkwatches::adapters::gitlab
