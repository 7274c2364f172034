#include "adapters/trac/rpc.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::trac {
namespace {

namespace xmlrpc = wire::xmlrpc;

constexpr std::int64_t metadata_only = 1; // 0 is ids, 2 adds the ids of comments, 3 everything

std::string text_of(xmlrpc::value const& in, std::string_view name)
{
    auto const* const member = in.member(name);
    return member == nullptr ? std::string{} : std::string{wire::trimmed(member->as_text())};
}

std::int64_t seconds_of(utc_time t)
{
    return std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
}

// [server's time, [bug, …]]
xmlrpc::array const* bugs_of(rpc_answer const& answer)
{
    auto const* const value = std::get_if<xmlrpc::value>(&answer.what);
    auto const* const pair = value == nullptr ? nullptr : value->items();
    return pair == nullptr || pair->size() < 2 ? nullptr : (*pair)[1].items();
}

void enter_bug(ledger& book, xmlrpc::value const& bug, std::size_t replaced)
{
    auto const id = wire::normal_number(text_of(bug, "id"));
    sighting seen{
        .words{
            .status = text_of(bug, "status"),
            .resolution = text_of(bug, "resolution"),
            .priority = text_of(bug, "priority"),
            .severity = text_of(bug, "severity"),
            .type = text_of(bug, "type")},
        .title = text_of(bug, "summary"),
        .replaced = replaced};
    if (seen.words.resolution == "--")
        seen.words.resolution.clear();
    if (seen.words.status == "missing")
        book.absent(id, outcome::not_found, "the tracker calls it missing");
    else if (seen.words.status.empty())
        book.absent(id, outcome::unparsable, "its record has no status");
    else
        book.sighted(id, std::move(seen));
}

} // namespace

awaitable<bool> look_by_launchpad_plugin(remote& at, ledger& book, std::optional<utc_time> since)
{
    xmlrpc::array ids;
    for (auto const& id : book.open())
        ids.emplace_back(id);
    xmlrpc::members criteria;
    criteria.emplace_back("bugs", std::move(ids));
    if (since)
        criteria.emplace_back("modified_since", seconds_of(*since));
    xmlrpc::array params;
    params.emplace_back(metadata_only);
    params.emplace_back(std::move(criteria));
    rpc_place const place{.path = "xmlrpc"};
    auto const answer = co_await call(at, place, "launchpad.bug_info", params);
    if (!answer) {
        book.trouble(answer.error());
        co_return false;
    }
    if (auto const* const why = std::get_if<xmlrpc::fault>(&answer->what)) {
        book.trouble(fault_error(*why, answer->request));
        co_return false;
    }
    auto const* const bugs = bugs_of(*answer);
    if (bugs == nullptr) {
        error wrong{.kind = error_kind::protocol_error, .request = answer->request};
        wrong.message = "launchpad.bug_info answered with something else than bugs";
        book.trouble(std::move(wrong));
        co_return false;
    }
    for (auto const& bug : *bugs)
        enter_bug(book, bug, answer->replaced);
    if (since && book.strangers() == 0)
        book.unmodified(book.open());
    co_return true;
}

} // namespace checkwatches::adapters::trac
