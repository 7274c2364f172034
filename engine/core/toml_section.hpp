#pragma once

#include "engine/core/error.hpp"
#include "engine/core/span.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches {

// One table of a file in TOML. Each reader takes the value of a key, where it is there, or notes the first
// thing that is wrong; finish() complains about keys that nobody took.
class section {
public:
    section(
        toml::table const& table, std::string name, std::string const& file, std::optional<error>& trouble)
        : table_{table},
          name_{std::move(name)},
          file_{file},
          trouble_{trouble}
    {}

    void read(std::string_view key, std::string& into)
    {
        if (auto const* const node = take(key)) {
            if (auto const text = node->value_exact<std::string>())
                into = *text;
            else
                expected(*node, key, "a text in quotes");
        }
    }

    template <class Duration>
    void read(std::string_view key, std::chrono::duration<std::int64_t, Duration>& into)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        std::optional<std::chrono::seconds> span;
        if (auto const text = node->value_exact<std::string>())
            span = parse_span(*text);
        if (span && *span > std::chrono::seconds::zero())
            into = *span;
        else
            expected(*node, key, "a span such as \"30s\", \"15m\", \"12h\" or \"7d\"");
    }

    void read(std::string_view key, std::size_t& into, std::int64_t least, std::int64_t most)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        auto const number = node->value_exact<std::int64_t>();
        if (number && *number >= least && *number <= most)
            into = static_cast<std::size_t>(*number);
        else
            expected(*node, key, fmt::format("a whole number from {} to {}", least, most));
    }

    void read(std::string_view key, double& into, double least, double most)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        auto const number = node->value<double>();
        if (number && *number >= least && *number <= most)
            into = *number;
        else
            expected(*node, key, fmt::format("a number from {} to {}", least, most));
    }

    void read(std::string_view key, std::vector<std::string>& into)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        auto const* const list = node->as_array();
        std::vector<std::string> texts;
        for (std::size_t i = 0; list != nullptr && i != list->size(); ++i)
            if (auto const text = list->get(i)->value_exact<std::string>())
                texts.push_back(*text);
        if (list != nullptr && texts.size() == list->size())
            into = std::move(texts);
        else
            expected(*node, key, "a list of texts in quotes");
    }

    void read(std::string_view key, bool& into)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        if (auto const flag = node->value_exact<bool>())
            into = *flag;
        else
            expected(*node, key, "true or false");
    }

    // One of a few words, given with what they mean.
    template <class Choice>
    void read(
        std::string_view key,
        Choice& into,
        std::initializer_list<std::pair<std::string_view, Choice>> choices)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        auto const text = node->value_exact<std::string>();
        std::string words;
        for (auto const& [name, choice] : choices) {
            if (text == name) {
                into = choice;
                return;
            }
            words += fmt::format("{}\"{}\"", words.empty() ? "" : ", ", name);
        }
        expected(*node, key, "one of " + words);
    }

    void read(std::string_view key, std::optional<web_url>& into)
    {
        auto const* const node = take(key);
        if (node == nullptr)
            return;
        auto const url = parse_url(node->value_exact<std::string>().value_or(""));
        if (url)
            into = *url;
        else
            expected(*node, key, "an address such as \"https://example.org/ping/1234\"");
    }

    // An origin: "https://host" or "https://host:port".
    std::string read_origin(std::string_view key)
    {
        auto const* const node = take(key);
        if (node == nullptr) {
            complain(table_.source(), fmt::format("[[{}]] needs the key \"{}\"", name_, key));
            return {};
        }
        auto const text = node->value_exact<std::string>();
        auto const url = parse_url(text.value_or(""));
        if (url && url->path == "/" && url->query.empty())
            return url->origin();
        expected(*node, key, "an origin such as \"https://bugs.example.org\"");
        return {};
    }

    void complain(toml::source_region const& where, std::string const& what)
    {
        if (!trouble_)
            trouble_ = error{
                .kind = error_kind::configuration,
                .message = fmt::format("{}:{}:{}: {}", file_, where.begin.line, where.begin.column, what)};
    }

    toml::source_region const& where() const { return table_.source(); }

    // Calls `visit` for each key of a table whose keys are the user's own, with its value.
    template <class Visit>
    void each(Visit visit)
    {
        for (auto const& [key, node] : table_) {
            taken_.emplace(key.str());
            visit(key.str(), node);
        }
    }

    void finish()
    {
        for (auto const& [key, node] : table_)
            if (!taken_.contains(key.str()))
                complain(key.source(), unknown(key.str()));
    }

    toml::node const* take(std::string_view key)
    {
        taken_.emplace(key);
        return table_.get(key);
    }

private:
    std::string unknown(std::string_view key) const
    {
        std::string known;
        for (auto const& k : taken_)
            known += (known.empty() ? "" : ", ") + k;
        return fmt::format(
            "unknown key \"{}\"{}; expected one of {}",
            key,
            name_.empty() ? "" : " in [" + name_ + "]",
            known);
    }

    void expected(toml::node const& node, std::string_view key, std::string_view what)
    {
        complain(node.source(), fmt::format("\"{}\" must be {}", key, what));
    }

    toml::table const& table_;
    std::string name_;
    std::string const& file_;
    std::optional<error>& trouble_;
    std::set<std::string, std::less<>> taken_;
};

// Calls `visit` with the section of a [name] table, where it is there.
template <class Visit>
void with_table(
    section& in, std::string const& name, std::string const& file, std::optional<error>& trouble, Visit visit)
{
    auto const* const node = in.take(name);
    if (node == nullptr)
        return;
    if (auto const* const table = node->as_table()) {
        section inner{*table, name, file, trouble};
        visit(inner);
        inner.finish();
        return;
    }
    in.complain(node->source(), fmt::format("\"{}\" must be a table: [{}]", name, name));
}

// The same for each of [[name]].
template <class Visit>
void with_tables(
    section& in, std::string const& name, std::string const& file, std::optional<error>& trouble, Visit visit)
{
    auto const* const node = in.take(name);
    if (node == nullptr)
        return;
    auto const* const list = node->as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>()) {
        in.complain(node->source(), fmt::format("\"{}\" must be a list of tables: [[{}]]", name, name));
        return;
    }
    for (auto const& item : *list) {
        section inner{*item.as_table(), name, file, trouble};
        visit(inner);
        inner.finish();
    }
}

} // namespace checkwatches
