#include "engine/intake/gerrit/read_pages.hpp"

#include "engine/intake/gerrit/answer.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::intake::gerrit {
namespace {

adapters::request request_for(web_url url, bool has_login)
{
    adapters::request rq{.url = std::move(url), .headers = {{"Accept", "application/json"}}};
    if (has_login)
        rq.login = adapters::login_place{.place = adapters::login_place::where::basic};
    return rq;
}

void count(answer const& page, reading& into)
{
    ++into.pages;
    into.rows += page.rows;
    into.unreadable += page.unreadable;
    if (page.newest)
        into.newest = std::max(into.newest.value_or(*page.newest), *page.newest);
    if (page.oldest)
        into.oldest = std::min(into.oldest.value_or(*page.oldest), *page.oldest);
}

} // namespace

awaitable<reading> read_pages(
    adapters::remote& at,
    source const& of,
    std::optional<utc_time> newest,
    utc_time now,
    keep_page const& keep)
{
    reading out{.asked_at = now};
    bool const has_login = at.has_user();
    auto const query = query_of(of, newest);
    for (std::size_t start = 0;;) {
        auto rq = request_for(question(of, query, start, has_login), has_login);
        auto const reply = co_await at.ask(std::move(rq));
        if (!reply) {
            out.trouble = reply.error();
            co_return out;
        }
        auto page = read_answer(*reply, now);
        if (!page) {
            out.trouble = page.error();
            co_return out;
        }
        count(*page, out);
        storage::recheck_reading brought{
            .source = of.name, .said = std::move(page->said), .changes = std::move(page->changes)};
        auto const kept = co_await keep(std::move(brought));
        if (!kept) {
            out.trouble = kept.error();
            co_return out;
        }
        out.fresh += *kept;
        if (!page->has_more)
            co_return out;
        if (page->rows <= page_overlap) {
            out.trouble = error{
                .kind = error_kind::protocol_error,
                .message = "it says that there are more changes, and gives next to none at a time"};
            co_return out;
        }
        if (out.pages == most_pages) {
            out.is_cut = true;
            co_return out;
        }
        start += page->rows - page_overlap;
    }
}

} // namespace checkwatches::intake::gerrit
