#include "adapters/mantis/web.hpp"

#include "adapters/mantis/singles.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/page_tree.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::adapters::mantis {
namespace {

constexpr std::string_view application_error = "application error #";
constexpr std::string_view no_such_issue = "1100";

error issue_error(error_kind kind, std::string message, reply const& from)
{
    return error{.kind = kind, .message = std::move(message), .request = from.request};
}

bool is_html(reply const& answer)
{
    auto const type = wire::media_type(answer.header("Content-Type"));
    return type == "text/html" || type == "application/xhtml+xml";
}

// Mantis' own error in the page, where it shows one: its number, or a denial of access.
std::optional<error> own_error(wire::page_tree const& page, reply const& answer)
{
    for (auto const element : page.select("td, p, div.alert, h4, b, strong")) {
        auto const text = element.text();
        auto const words = wire::lower(text);
        if (words.starts_with(application_error)) {
            auto const number = std::string_view{words}.substr(application_error.size());
            if (number.starts_with(no_such_issue))
                return issue_error(error_kind::not_found, shortened(text), answer);
            return issue_error(error_kind::unparsable, shortened(text), answer);
        }
        constexpr std::size_t denial = 60; // longer, and it is somebody's text
        if (words.starts_with("access denied") && words.size() <= denial)
            return issue_error(error_kind::forbidden, shortened(text), answer);
    }
    return std::nullopt;
}

std::string without_colon(std::string text)
{
    while (text.ends_with(':') || text.ends_with(' '))
        text.pop_back();
    return text;
}

// The cell of this field: by its class, else right of its label.
wire::page_element cell_of(wire::page_tree const& page, std::string_view field, std::string_view label)
{
    auto const by_class = page.select(fmt::format("td.bug-{}", field));
    if (!by_class.empty())
        return by_class.front();
    for (auto const cell : page.select("td, th"))
        if (cell.next() && wire::same_word(without_colon(cell.text()), label))
            return cell.next();
    return {};
}

// "0000042: the summary - the site": the number; empty where the title is of another form.
std::string number_in_title(wire::page_tree const& page)
{
    auto const titles = page.select("title");
    auto const text = titles.empty() ? std::string{} : titles.front().text();
    return wire::normal_number(std::string_view{text}.substr(0, text.find(':')));
}

std::string original_on(wire::page_tree const& page)
{
    for (auto const cell : page.select("td")) {
        if (!wire::lower(cell.text()).starts_with("duplicate of") || !cell.next())
            continue;
        auto const links = cell.next().select("a");
        if (!links.empty())
            return wire::normal_number(links.front().text());
    }
    return {};
}

std::string summary_on(wire::page_tree const& page)
{
    auto text = cell_of(page, "summary", "summary").text();
    auto const colon = text.find(": ");
    bool const numbered = colon != std::string::npos
                          && !wire::normal_number(std::string_view{text}.substr(0, colon)).empty();
    return numbered ? text.substr(colon + 2) : text;
}

} // namespace

request page_request(web_url const& base, std::string_view id)
{
    return request{
        .url = join(base, fmt::format("view.php?id={}", id)), .on_redirect = request::redirects::ignored};
}

bool leads_to_login(reply const& answer)
{
    auto const to = answer.header("Location");
    auto const path = to.substr(0, to.find('?'));
    return answer.status >= 300 && answer.status < 400
           && (path.ends_with("login_page.php") || path.ends_with("login_cookie_test.php"));
}

error refusal_of_page(reply const& answer)
{
    if (leads_to_login(answer))
        return issue_error(error_kind::auth_failed, "it leads to the form for logging in", answer);
    return tracker_trouble(wire::explain(answer));
}

result<sighting> read_page(reply const& answer, std::string_view id)
{
    if (leads_to_login(answer) || !is_html(answer))
        return refusal_of_page(answer);
    auto const decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
    auto const page = wire::page_tree::parse(decoded.text);
    if (!page)
        return issue_error(error_kind::unparsable, page.error().message, answer);
    auto const status = cell_of(*page, "status", "status").text();
    if (answer.status != 200 || status.empty()) {
        if (auto why = own_error(*page, answer))
            return std::move(*why);
        auto why = wire::explain(answer);
        bool const of_mantis = why.kind == error_kind::protocol_error && answer.status == 200
                               && looks_like_mantis(answer);
        if (of_mantis)
            return issue_error(error_kind::unparsable, "the page shows no status", answer);
        return tracker_trouble(std::move(why));
    }
    auto number = number_in_title(*page);
    if (number.empty())
        number = wire::normal_number(cell_of(*page, "id", "id").text());
    if (number != id)
        return issue_error(error_kind::unparsable, "the page names another issue, or none", answer);
    return sighting{
        .words{
            .status = status,
            .resolution = cell_of(*page, "resolution", "resolution").text(),
            .priority = cell_of(*page, "priority", "priority").text(),
            .severity = cell_of(*page, "severity", "severity").text()},
        .title = summary_on(*page),
        .duplicate_of = original_on(*page),
        .replaced = decoded.replaced};
}

bool looks_like_mantis(reply const& answer)
{
    static constexpr std::array<std::string_view, 4> marks{
        "mantisbt.org", "mantis_logo", "mantisbt team", "login_cookie_test.php"};
    auto const page = wire::lower(answer.body);
    return leads_to_login(answer) || std::ranges::any_of(marks, [&](std::string_view mark) {
               return page.find(mark) != std::string::npos;
           });
}

awaitable<void> look_by_pages(remote& at, ledger& book, bool proved)
{
    single_refusals refusals{book, proved, false};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto const answer = co_await at.ask(page_request(at.base(), id));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        auto seen = read_page(*answer, id);
        if (seen) {
            book.sighted(id, std::move(*seen));
            refusals.good();
        }
        else if (!refusals.enter(id, seen.error(), answer->status))
            co_return;
    }
    refusals.close();
}

} // namespace checkwatches::adapters::mantis
