#include "adapters/described.hpp"

#include "adapters/described/look.hpp"

#include <algorithm>

namespace checkwatches::adapters {
namespace {

using described::description;

class described_adapter final : public adapter {
public:
    explicit described_adapter(description as) : as_{std::move(as)} {}

    std::string_view kind() const noexcept override { return as_.kind; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = as_.shown_addresses,
            .batch = as_.batch ? as_.most : 1,
            .importance = !as_.fields.priority.empty() || !as_.fields.severity.empty(),
            .login = as_.login ? std::string_view{as_.login->word} : std::string_view{}};
    }

    // Of several shapes that fit, the one that leaves least to the tracker's own address.
    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        std::optional<bug_ref> best;
        for (auto const& pattern : as_.addresses) {
            auto found = pattern.of(url);
            if (!found || (best && best->base.path.size() <= found->base.path.size()))
                continue;
            auto id = normalise(found->id);
            best = {.base = std::move(found->base), .remote_id = id ? std::move(*id) : std::move(found->id)};
        }
        return best;
    }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return described::normal_id(as_.ids, remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return as_.addresses.front().make(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return described::probe(as_, at); }

    awaitable<findings> look(remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        auto book = open_ledger(*this, ids, "no bug of this kind can have this id");
        if (!book.open().empty())
            co_await described::look(as_, at, book);
        co_return std::move(book).close();
    }

    verdict interpret(raw_words const& words) const override
    {
        verdict out{.state = state_of(as_.words, words), .weight = weight_of(as_.words, words)};
        if (!out.state)
            out.unmapped.push_back({.field = "status", .word = remote_status(words)});
        if (auto const weight = remote_importance(words); !out.weight && !weight.empty())
            out.unmapped.push_back({.field = "importance", .word = weight});
        return out;
    }

private:
    description as_;
};

} // namespace

result<std::unique_ptr<adapter const>> make_described(std::string_view text, std::string const& file)
{
    auto read = described::read_description(text, file);
    if (!read)
        return read.error();
    return std::unique_ptr<adapter const>{std::make_unique<described_adapter>(std::move(*read))};
}

} // namespace checkwatches::adapters
