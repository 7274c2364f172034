#include "adapters/debbugs/spool.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/blocks.hpp"
#include "adapters/wire/html.hpp"
#include "adapters/wire/mail.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"
#include "engine/core/api_url.hpp"

#include <array>

namespace checkwatches::adapters::debbugs {
namespace {

constexpr std::array<std::string_view, 2> folders{"db-h", "archive"};
constexpr unsigned http_ok = 200;
constexpr unsigned http_not_modified = 304;

error unparsable(std::string message)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message)};
}

web_url const& root_of(remote const& at)
{
    return at.api() ? *at.api() : at.base();
}

web_url file_of(remote const& at, std::string_view folder, std::string const& id)
{
    auto const digits = id.size() < 2 ? "0" + id : id.substr(id.size() - 2);
    return join(root_of(at), std::string{folder} + "/" + digits + "/" + id + ".summary");
}

request file_request(remote const& at, std::string_view folder, std::string const& id)
{
    return request{.url = file_of(at, folder, id), .conditional = true};
}

// Enters what a file's answer says of its bug. False where it is trouble, which is entered.
bool enter_file(std::string const& id, reply const& answer, ledger& book)
{
    if (answer.status == http_not_modified) {
        book.absent(id, outcome::unmodified);
        return true;
    }
    // Servers do not know the type of the files.
    if (auto wrong = wire::expect(answer, {"text/plain", "application/octet-stream", ""})) {
        book.trouble(tracker_trouble(std::move(*wrong)));
        return false;
    }
    auto const decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
    auto bug = read_summary(decoded.text);
    if (!bug) {
        book.absent(id, outcome::unparsable, bug.error().message);
        return true;
    }
    bug->modified = parse_http_date(wire::trimmed(answer.header("Last-Modified")));
    bug->replaced = decoded.replaced;
    book.sighted(id, to_sighting(id, *bug));
    return true;
}

bool is_missing(reply const& answer)
{
    return answer.status == 404 || answer.status == 410;
}

// "NN/" as the target of a link, as lists of a folder's content have it.
bool links_to_numbered_folder(std::string_view markup)
{
    constexpr std::string_view mark = "href=\"";
    for (auto at = markup.find(mark); at != std::string_view::npos; at = markup.find(mark, at + 1)) {
        auto const target = markup.substr(at + mark.size(), 4);
        if (target.size() == 4 && wire::is_number(target.substr(0, 2)) && target.substr(2) == "/\"")
            return true;
    }
    return false;
}

} // namespace

bool is_spool(remote const& at)
{
    if (!at.api())
        return false;
    if (is_local(*at.api()))
        return true;
    std::string_view path = at.api()->path;
    if (path.ends_with('/'))
        path.remove_suffix(1);
    return path.ends_with("/spool");
}

result<bug_fields> read_summary(std::string_view text)
{
    auto const blocks = wire::read_blocks(text, "");
    if (!blocks)
        return blocks.error();
    auto const block = blocks->empty() ? wire::field_block{} : blocks->front();
    auto const* const version = block.field("Format-Version");
    if (version == nullptr)
        return unparsable("the summary has no Format-Version");
    bool const encoded = *version == "2";
    if (!encoded && *version != "3")
        return unparsable("the summary's Format-Version is neither 2 nor 3");

    auto const word = [&](std::string_view name) {
        auto const* const value = block.field(name);
        return value == nullptr ? std::string{} : *value;
    };
    auto const phrase = [&](std::string_view name) {
        return encoded ? wire::decode_mail_words(word(name)) : word(name);
    };
    return bug_fields{
        .done = phrase("Done"),
        .forwarded = phrase("Forwarded-To"),
        .severity = word("Severity"),
        .tags = word("Tags"),
        .subject = phrase("Subject"),
        .mergedwith = word("Merged-With")};
}

awaitable<result<capabilities>> probe_spool(remote& at)
{
    request rq{.url = join(root_of(at), std::string{folders.front()} + "/")};
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer)
        co_return answer.error();
    auto const top = wire::read_top(answer->body, answer->header("Content-Type"));
    bool const listed = answer->status == http_ok && links_to_numbered_folder(top.markup);
    if (!listed) {
        auto why = tracker_trouble(wire::explain(*answer));
        if (is_strange(why.kind, answer->status))
            co_return no_such_kind("spool of Debbugs", "its folder db-h " + why.message, why.request);
        co_return why;
    }
    constexpr std::size_t files = 100;
    co_return capabilities{.protocol = std::string{by_spool}, .batch = files, .each = 1, .importance = true};
}

awaitable<void> look_in_spool(remote& at, ledger& book)
{
    for (auto const& id : book.open()) {
        bool there = false;
        for (auto const folder : folders) {
            auto const answer = co_await at.ask(file_request(at, folder, id));
            if (!answer) {
                book.trouble(answer.error());
                co_return;
            }
            there = !is_missing(*answer);
            if (there && !enter_file(id, *answer, book))
                co_return;
            if (there)
                break;
        }
        if (!there)
            book.absent(id, outcome::not_found);
    }
}

std::vector<question> spool_questions(remote const& at, std::span<std::string const> ids)
{
    std::vector<question> out;
    for (auto const& id : ids)
        for (auto const folder : folders)
            out.push_back({.url = file_of(at, folder, id).text(), .ids = {id}});
    return out;
}

} // namespace checkwatches::adapters::debbugs
