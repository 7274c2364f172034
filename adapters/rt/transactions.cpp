// What was written about a ticket, by REST 2.0: its history, page by page; then the attachments of the
// transactions in which somebody wrote something; then the texts of those that hold what was written.
//
// - A history tells no texts, and is empty for a ticket that is missing or hidden.
// - A list of attachments gives a text as it is, and attachment/N gives it in base64, or not, by RT's
// version:
//   hence lists alone. Conditions on one field are joined by OR. Pictures and files are never fetched.

#include "adapters/rt/rest1.hpp"
#include "adapters/rt/rest2.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace checkwatches::adapters::rt {
namespace {

constexpr std::size_t most_pages = 50; // of 100 rows, of one list
constexpr std::size_t transactions_of_a_search = 50;
constexpr std::size_t texts_of_a_search = 20;
// Of the transactions in a history, those in which somebody wrote something.
constexpr std::array<std::string_view, 3> written{"Create", "Correspond", "Comment"};

// The id of an object that is given as {"type":"user","id":"jo"}, or alone.
std::string id_member(wire::json_object const& in, std::string_view key)
{
    auto const object = wire::object_member(in, key);
    return object ? wire::text_member(*object, "id") : wire::text_member(in, key);
}

// How well a part of a mail fits as what was written; 0 is the best, nothing: it is none.
std::optional<int> rank_of(wire::json_object const& part)
{
    auto const type = wire::media_type(wire::text_member(part, "ContentType"));
    bool const plain = type == "text/plain";
    if (!plain && type != "text/html")
        return std::nullopt;
    if (!wire::text_member(part, "Filename").empty())
        return 2; // an attached file, as a last resort
    return plain ? 0 : 1;
}

// [{"field":"id","value":"7"},…]: any of these.
std::string any_of(std::string_view field, std::span<std::string const> ids)
{
    std::string out;
    for (auto const& id : ids)
        out += fmt::format(R"({}{{"field":"{}","value":"{}"}})", out.empty() ? "" : ",", field, id);
    return "[" + out + "]";
}

struct transaction {
    comment told{};
    std::string part{}; // the attachment that holds the text; empty: there is none
    int rank = 0;
    bool is_read = false;
};

class transaction_reader {
public:
    transaction_reader(
        remote& at, std::string_view login, std::string const& id, std::optional<utc_time> since)
        : at_{at},
          login_{login},
          id_{id},
          since_{since}
    {}

    awaitable<result<std::vector<comment>>> run()
    {
        auto wrong = co_await read_history();
        if (!wrong)
            wrong = co_await find_parts();
        if (!wrong)
            wrong = co_await read_texts();
        if (wrong)
            co_return std::move(*wrong);
        std::vector<comment> out;
        for (auto& one : all_)
            if (!one.told.text.empty())
                out.push_back(std::move(one.told));
        sort_by_time(out);
        co_return out;
    }

private:
    using taker = std::function<void(wire::json_object const&)>;

    awaitable<std::optional<error>> read_history()
    {
        bool any = false;
        taker const take = [this, &any](wire::json_object const& row) {
            any = true;
            take_transaction(row);
        };
        auto const list = fmt::format("ticket/{}/history?fields=Type,Creator,Created", id_);
        auto wrong = co_await read_pages(list, {}, take);
        if (wrong || any)
            co_return wrong;
        auto const answer = co_await at_.ask(rest2_get(at_, "ticket/" + id_, login_));
        if (!answer)
            co_return answer.error();
        if (auto const in = read_rest2(*answer); !in)
            co_return of_ticket(in.error(), *answer);
        co_return error{
            .kind = error_kind::forbidden,
            .message = "RT shows nothing of the history",
            .request = answer->request};
    }

    void take_transaction(wire::json_object const& row)
    {
        auto const id = wire::normal_number(wire::text_member(row, "id"));
        auto const type = wire::text_member(row, "Type");
        auto const at = parse_time(wire::text_member(row, "Created"));
        bool const is_old = since_ && at && *at < *since_;
        if (id.empty() || is_old || std::ranges::find(written, type) == written.end() || find(id) != nullptr)
            return;
        all_.push_back({.told{.remote_id = id, .author = id_member(row, "Creator"), .at = at}});
    }

    awaitable<std::optional<error>> find_parts()
    {
        std::vector<std::string> ids;
        for (auto const& one : all_)
            ids.push_back(one.told.remote_id);
        taker const take = [this](wire::json_object const& row) { take_part(row); };
        for (std::size_t start = 0; start < ids.size(); start += transactions_of_a_search) {
            auto const count = std::min(transactions_of_a_search, ids.size() - start);
            auto const search = any_of("TransactionId", std::span{ids}.subspan(start, count));
            auto wrong = co_await read_pages(
                "attachments?fields=TransactionId,ContentType,Filename", search, take);
            if (wrong)
                co_return wrong;
        }
        co_return std::nullopt;
    }

    void take_part(wire::json_object const& row)
    {
        auto* const of = find(wire::normal_number(id_member(row, "TransactionId")));
        auto const rank = rank_of(row);
        auto const id = wire::normal_number(wire::text_member(row, "id"));
        if (of == nullptr || !rank || id.empty() || (!of->part.empty() && of->rank <= *rank))
            return;
        of->part = id;
        of->rank = *rank;
    }

    awaitable<std::optional<error>> read_texts()
    {
        std::vector<std::string> parts;
        for (auto const& one : all_)
            if (!one.part.empty())
                parts.push_back(one.part);
        taker const take = [this](wire::json_object const& row) { take_text(row); };
        std::size_t size = texts_of_a_search;
        for (std::size_t start = 0; start < parts.size();) {
            auto const some = std::span{parts}.subspan(start, std::min(size, parts.size() - start));
            auto const search = any_of("id", some);
            auto const more = co_await read_page("attachments?fields=Content", search, 1, take);
            bool const too_many = more.has_error() && more.error().kind == error_kind::too_large;
            if (too_many && some.size() > 1) {
                size = some.size() / 2;
                continue;
            }
            if (!more)
                co_return more.error();
            start += some.size();
        }
        auto const lost = std::ranges::find_if(
            all_, [](transaction const& one) { return !one.part.empty() && !one.is_read; });
        if (lost == all_.end())
            co_return std::nullopt;
        co_return error{
            .kind = error_kind::protocol_error,
            .message = fmt::format("RT does not give the text of transaction {}", lost->told.remote_id)};
    }

    void take_text(wire::json_object const& row)
    {
        auto const id = wire::normal_number(wire::text_member(row, "id"));
        auto const of = std::ranges::find(all_, id, &transaction::part);
        if (id.empty() || of == all_.end())
            return;
        of->told.text = wire::trimmed(wire::text_member(row, "Content"));
        of->is_read = true;
    }

    // Reads all pages of a list; `search`: of what it is narrowed down to.
    awaitable<std::optional<error>> read_pages(std::string list, std::string search, taker const& take)
    {
        for (std::size_t page = 1; page <= most_pages; ++page) {
            auto const more = co_await read_page(list, search, page, take);
            if (!more)
                co_return more.error();
            if (!*more)
                co_return std::nullopt;
        }
        co_return error{.kind = error_kind::too_large, .message = "too many transactions"};
    }

    // True where there are more pages.
    awaitable<result<bool>>
    read_page(std::string list, std::string search, std::size_t page, taker const& take)
    {
        list += fmt::format("&orderby=id&order=ASC&per_page=100&page={}", page);
        auto rq = rest2_get(at_, list, login_);
        if (!search.empty()) {
            rq.method = "POST";
            rq.headers.emplace_back("Content-Type", "application/json");
            rq.body = search;
        }
        auto const answer = co_await at_.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        auto const in = read_rest2(*answer);
        if (!in)
            co_return search.empty() ? of_ticket(in.error(), *answer) : tracker_trouble(in.error());
        auto const items = wire::array_member(in->root, "items");
        if (!items)
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "the JSON has no list of items",
                .request = answer->request};
        for (auto const item : *items) {
            wire::json_object row;
            if (item.get_object().get(row) == simdjson::SUCCESS)
                take(row);
        }
        co_return !wire::text_member(in->root, "next_page").empty();
    }

    // RT itself speaks of the ticket; a page that something in front of it gives does not.
    static error of_ticket(error const& why, reply const& answer)
    {
        bool const by_rt = wire::media_type(answer.header("Content-Type")) == "application/json";
        return by_rt ? why : tracker_trouble(why);
    }

    transaction* find(std::string_view id)
    {
        auto const found = std::ranges::find_if(
            all_, [&](transaction const& one) { return one.told.remote_id == id; });
        return found == all_.end() ? nullptr : &*found;
    }

    remote& at_;
    std::string_view login_;
    std::string const& id_;
    std::optional<utc_time> since_;
    std::vector<transaction> all_;
};

} // namespace

awaitable<result<std::vector<comment>>>
read_transactions(remote& at, std::string const& login, std::string const& id, std::optional<utc_time> since)
{
    transaction_reader r{at, login, id, since};
    co_return co_await r.run();
}

} // namespace checkwatches::adapters::rt
