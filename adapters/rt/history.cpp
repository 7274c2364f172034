#include "adapters/rt/rest1.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace checkwatches::adapters::rt {
namespace {

// Of the transactions in a history, those in which somebody wrote something.
constexpr std::array<std::string_view, 3> written{"Create", "Correspond", "Comment"};
// What stands in the place of a text where there is none.
constexpr std::string_view no_text = "This transaction appears to have no content";

std::string_view value_of(wire::field_block const& block, std::string_view name)
{
    auto const* const value = block.field(name);
    return value == nullptr ? std::string_view{} : std::string_view{*value};
}

std::optional<comment> read_transaction(wire::field_block const& block)
{
    auto const id = wire::normal_number(value_of(block, "id"));
    auto const type = value_of(block, "Type");
    if (id.empty() || std::ranges::find(written, type) == written.end())
        return std::nullopt;
    auto const text = value_of(block, "Content");
    if (text.empty() || text == no_text)
        return std::nullopt;
    return comment{
        .remote_id = id,
        .author = std::string{value_of(block, "Creator")},
        // As it stands in RT's database, unlike the times of a ticket.
        .at = parse_time(value_of(block, "Created"), naive_time::is_utc),
        .text = std::string{text}};
}

// Why there is no history, in RT's words.
std::optional<error> refusal(std::vector<wire::field_block> const& blocks, std::string const& request)
{
    for (auto const& block : blocks)
        for (auto const& line : block.others) {
            bool const missing = line.find("does not exist") != std::string::npos;
            if (!missing && line.find("You are not allowed") == std::string::npos)
                continue;
            return error{
                .kind = missing ? error_kind::not_found : error_kind::forbidden,
                .message = shortened(line),
                .request = request};
        }
    return std::nullopt;
}

} // namespace

awaitable<result<std::vector<comment>>>
read_history(remote& at, std::string const& login, std::string const& id)
{
    auto const answer = co_await ask_rest1(at, fmt::format("ticket/{}/history", id), "format=l", login);
    if (!answer)
        co_return tracker_trouble(answer.error());
    constexpr unsigned ok = 200;
    if (answer->status != ok)
        co_return rest1_error(*answer);
    auto const blocks = wire::read_blocks(answer->text, "--");
    if (!blocks)
        co_return tracker_trouble(blocks.error());
    std::vector<comment> out;
    bool any = false;
    for (auto const& block : *blocks) {
        any = any || !value_of(block, "Type").empty();
        if (auto one = read_transaction(block))
            out.push_back(std::move(*one));
    }
    if (auto no = refusal(*blocks, answer->request); no && !any)
        co_return std::move(*no);
    // Each ticket was created by somebody: where not even that is told, we may see the ticket and not its
    // history.
    if (!any)
        co_return error{
            .kind = error_kind::forbidden,
            .message = "RT shows nothing of the history",
            .request = answer->request};
    std::ranges::sort(out, {}, [](comment const& c) {
        return std::tuple{c.at.value_or(utc_time{}), c.remote_id.size(), c.remote_id};
    });
    co_return out;
}

} // namespace checkwatches::adapters::rt
