#include "adapters/described.hpp"
#include "adapters/described/description.hpp"
#include "adapters/wire/selector.hpp"
#include "adapters/wire/text.hpp"
#include "engine/core/toml_section.hpp"
#include "engine/core/toml_text.hpp"
#include "engine/core/word_map_toml.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::described {
namespace {

constexpr std::size_t most_addresses = 16;
constexpr std::size_t most_conditions = 16;

bool is_one_line(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_kind_name(std::string_view text)
{
    auto const is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return text.size() >= 2 && text.size() <= 32 && is_letter(text.front())
           && std::ranges::all_of(
               text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

// "https://HOST/tickets/N", as the built-in kinds write it.
std::string for_people(std::string text)
{
    for (auto const& [slot, word] : {std::pair{"{base}", "https://HOST"}, std::pair{"{id}", "N"}})
        if (auto const at = text.find(slot); at != std::string::npos)
            text.replace(at, std::string_view{slot}.size(), word);
    return text;
}

// Reads one description; the first thing that is wrong stays.
class reading {
public:
    explicit reading(std::string const& file) : file_{file} {}

    result<description> run(toml::table const& root)
    {
        section top{root, "", file_, trouble_};
        top.read("kind", out_.kind);
        if (!is_kind_name(out_.kind))
            top.complain(
                top.where(), "\"kind\" must be a name of 2 to 32 lower-case letters, digits and \"-\"");
        read_addresses(top);
        top.read(
            "id", out_.ids, {{"number", id_form::number}, {"hex", id_form::hex}, {"name", id_form::name}});
        with_table(top, "headers", file_, trouble_, [&](section& in) { read_headers(in); });
        need(top, "probe", [&](section& in) { read_probe(in); });
        need(top, "bug", [&](section& in) { read_bug(in); });
        need(top, "fields", [&](section& in) { read_fields(in); });
        with_table(top, "batch", file_, trouble_, [&](section& in) { read_batch(in); });
        with_table(top, "login", file_, trouble_, [&](section& in) { read_login(in); });
        with_table(top, "words", file_, trouble_, [&](section& in) {
            read_word_map(in, file_, trouble_, out_.words);
        });
        top.finish();
        if (trouble_)
            return *trouble_;
        return std::move(out_);
    }

private:
    template <class Visit>
    void need(section& in, std::string const& name, Visit visit)
    {
        if (in.take(name) == nullptr)
            in.complain(in.where(), fmt::format("the table [{}] is missing", name));
        with_table(in, name, file_, trouble_, visit);
    }

    void read_addresses(section& in)
    {
        auto const* const node = in.take("addresses");
        auto const* const list = node == nullptr ? nullptr : node->as_array();
        auto const& where = node == nullptr ? in.where() : node->source();
        if (list == nullptr || list->empty() || list->size() > most_addresses) {
            in.complain(where, "\"addresses\" must be a list such as [\"{base}/tickets/{id}\"]");
            return;
        }
        for (auto const& item : *list) {
            auto const text = item.value_exact<std::string>().value_or("");
            auto pattern = address_pattern::parse(text);
            if (!pattern) {
                in.complain(
                    item.source(),
                    fmt::format(
                        "\"{}\" is no address of bugs; write \"{{base}}/tickets/{{id}}\", with \"*\" for a "
                        "segment "
                        "that may be any, or \"{{base}}/view?name={{id}}\"",
                        text));
                return;
            }
            out_.addresses.push_back(std::move(*pattern));
        }
        out_.shown_addresses = for_people(list->front().value_or(std::string{}));
    }

    // A credential goes into [login], where it is kept from other hosts; other headers are the client's.
    void read_headers(section& in)
    {
        constexpr std::array allowed{"accept", "accept-language", "x-requested-with"};
        in.each([&](std::string_view name, toml::node const& node) {
            auto const value = node.value_exact<std::string>();
            if (std::ranges::find(allowed, wire::lower(name)) == allowed.end())
                in.complain(
                    node.source(),
                    "[headers] may have Accept, Accept-Language and X-Requested-With; a credential goes into "
                    "[login]");
            else if (!value || !is_one_line(*value))
                in.complain(node.source(), "a header must be a text of one line");
            else
                out_.headers.emplace_back(name, *value);
        });
    }

    question_form read_question(section& in)
    {
        question_form out;
        in.read("url", out.url);
        in.read("form", out.how, {{"json", form::json}, {"csv", form::csv}, {"html", form::html}});
        if (out.url.empty())
            in.complain(in.where(), "\"url\" is missing: \"{base}/api/tickets/{id}\"");
        if (auto const slot = unknown_slot(out.url); !slot.empty())
            in.complain(
                in.where(),
                fmt::format(
                    "\"url\" has {}; expected {{base}}, {{api}}, {{origin}}, {{id}} or {{ids}}", slot));
        web_url const sample{.scheme = "https", .host = "tracker.example.org", .port = 443};
        if (auto const url = expand(out.url, {.base = sample, .api = sample, .id = "1", .ids = "1"}); !url)
            in.complain(in.where(), "\"url\" makes no address: " + url.error().message);
        return out;
    }

    void read_probe(section& in)
    {
        out_.probe.ask = read_question(in);
        out_.probe.is = read_conditions(in, "is", out_.probe.ask.how);
        out_.probe.version = read_field(in, "version", out_.probe.ask.how);
        if (std::ranges::all_of(out_.probe.is, [](condition const& c) { return c.where.empty(); }))
            in.complain(
                in.where(),
                "[probe] needs \"is\": what only a tracker of this kind answers, "
                "[{at = \"/product\", is = \"Example\"}]");
    }

    void read_bug(section& in)
    {
        out_.bug = read_question(in);
        if (out_.bug.url.find("{id}") == std::string::npos)
            in.complain(in.where(), "\"url\" in [bug] must have {id}");
        out_.missing = read_conditions(in, "missing", out_.bug.how);
        out_.hidden = read_conditions(in, "private", out_.bug.how);
        // A server in front of the tracker answers 404 too, but does not lock single bugs.
        if (std::ranges::any_of(out_.missing, [](condition const& c) { return c.where.empty(); }))
            in.complain(in.where(), "\"missing\" needs \"at\" (or \"label\"): the tracker's own word for it");
        if (std::ranges::any_of(out_.hidden, [](condition const& c) {
                return c.where.empty() && c.http != 401U && c.http != 403U;
            }))
            in.complain(in.where(), "\"private\" needs \"at\" (or \"label\"), but for http = 401 and 403");
    }

    void read_batch(section& in)
    {
        out_.batch = read_question(in);
        in.read("rows", out_.batch->rows);
        in.read("separator", out_.separator);
        in.read("most", out_.most, 2, 1000);
        if (out_.batch->url.find("{ids}") == std::string::npos)
            in.complain(in.where(), "\"url\" in [batch] must have {ids}");
        if (out_.batch->how != out_.bug.how)
            in.complain(
                in.where(), "\"form\" must be the same in [bug] and [batch]: they share their [fields]");
        if (out_.batch->how != form::csv && out_.batch->rows.empty())
            in.complain(in.where(), "\"rows\" is missing: where the bugs stand in the answer");
        check_place(in, out_.batch->rows, out_.batch->how);
    }

    void read_fields(section& in)
    {
        auto& to = out_.fields;
        for (auto const& [key, into] :
             {std::pair{"id", &to.id},
              std::pair{"status", &to.status},
              std::pair{"resolution", &to.resolution},
              std::pair{"priority", &to.priority},
              std::pair{"severity", &to.severity},
              std::pair{"type", &to.type},
              std::pair{"labels", &to.labels},
              std::pair{"title", &to.title},
              std::pair{"product", &to.product},
              std::pair{"modified", &to.modified},
              std::pair{"duplicate_of", &to.duplicate_of}})
            *into = read_field(in, key, out_.bug.how);
        for (auto const& [key, one] : {std::pair{"id", &to.id}, std::pair{"status", &to.status}})
            if (one->empty())
                in.complain(in.where(), fmt::format("[fields] needs \"{}\"", key));
    }

    void read_login(section& in)
    {
        out_.login.emplace();
        auto& to = *out_.login;
        auto const before = trouble_.has_value();
        in.read(
            "place",
            to.place.place,
            {{"header", login_place::where::header},
             {"query", login_place::where::query},
             {"basic", login_place::where::basic}});
        in.read("name", to.place.name);
        in.read("prefix", to.place.prefix);
        in.read("word", to.word);
        to.ask = read_question(in);
        to.identity = read_field(in, "identity", to.ask.how);
        bool const named = to.place.place == login_place::where::basic || !to.place.name.empty();
        if (!std::ranges::all_of(to.place.name, is_of_name) || !is_one_line(to.place.prefix))
            in.complain(
                in.where(), "\"name\" must be letters, digits, \"-\" and \"_\", \"prefix\" of one line");
        if (!before && (to.identity.empty() || to.word.empty() || !named))
            in.complain(
                in.where(),
                "[login] needs \"place\", \"name\" (of the header or parameter), \"word\" (\"token\"), and "
                "\"url\" "
                "and \"identity\", which tell who we are");
    }

    // A field is a text (where the value stands), or a table.
    field read_field(section& in, std::string const& key, form how)
    {
        field out;
        auto const* const node = in.take(key);
        if (node == nullptr)
            return out;
        if (node->is_string())
            in.read(key, out.at);
        else
            with_table(in, key, file_, trouble_, [&](section& inner) { out = read_place(inner, how); });
        check_place(in, out.at, how);
        return out;
    }

    field read_place(section& in, form how)
    {
        field out;
        in.read("at", out.at);
        in.read("attribute", out.attribute);
        in.read("label", out.label);
        in.read("after", out.after);
        in.read("before", out.before);
        if (out.empty() || (!out.at.empty() && !out.label.empty()))
            in.complain(in.where(), "a field needs one of \"at\" and \"label\"");
        if (how != form::html && !(out.label.empty() && out.attribute.empty()))
            in.complain(in.where(), "\"label\" and \"attribute\" are for pages of HTML");
        return out;
    }

    void check_place(section& in, std::string const& at, form how)
    {
        if (at.empty())
            return;
        if (how == form::json && !at.starts_with('/'))
            in.complain(
                in.where(), fmt::format("\"{}\" must be a JSON pointer such as \"/fields/status\"", at));
        if (how == form::html && !wire::selector::parse(at))
            in.complain(
                in.where(),
                fmt::format(
                    "\"{}\" must be a CSS selector of names, .class, #id, [name=value], blanks, > and commas",
                    at));
    }

    std::vector<condition> read_conditions(section& in, std::string const& key, form how)
    {
        std::vector<condition> out;
        with_tables(in, key, file_, trouble_, [&](section& one) {
            condition c;
            std::size_t http = 0;
            one.read("http", http, 100, 599);
            if (http != 0)
                c.http = static_cast<unsigned>(http);
            auto const read_text = [&](std::string_view name, std::optional<std::string>& into) {
                if (one.take(name) != nullptr)
                    one.read(name, into.emplace());
            };
            one.read("at", c.where.at);
            one.read("label", c.where.label);
            check_place(one, c.where.at, how);
            if (how != form::html && !c.where.label.empty())
                one.complain(one.where(), "\"label\" is for pages of HTML");
            read_text("is", c.is);
            read_text("contains", c.contains);
            bool const says_what = c.is || c.contains;
            bool const is_blank = c.is == "" || c.contains == ""
                                  || !(c.where.at.empty() || c.where.label.empty());
            if (is_blank || says_what == c.where.empty() || (!c.http && !says_what))
                one.complain(
                    one.where(),
                    fmt::format(
                        "\"{}\" needs \"http\" (a status), or \"at\" (or \"label\") with \"is\" or "
                        "\"contains\", or both",
                        key));
            out.push_back(std::move(c));
        });
        if (out.size() > most_conditions)
            in.complain(in.where(), fmt::format("\"{}\" has more than {} entries", key, most_conditions));
        return out;
    }

    std::string const& file_;
    std::optional<error> trouble_;
    description out_;
};

} // namespace

result<description> read_description(std::string_view text, std::string const& file)
{
    auto const wrong = [&](std::string message) {
        return error{.kind = error_kind::configuration, .message = file + std::move(message)};
    };
    if (text.size() > longest_description)
        return wrong(fmt::format(": longer than {} KiB", longest_description / 1024));
    auto const read = read_toml(text);
    if (auto const* const bad = std::get_if<toml_fault>(&read))
        return wrong(fmt::format(":{}:{}: {}", bad->at.line, bad->at.column, bad->what));
    return reading{file}.run(std::get<toml::table>(read));
}

} // namespace checkwatches::adapters::described
