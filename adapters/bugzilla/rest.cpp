// GET {root}/rest/bug?id=1,2,3&include_fields=…&limit=3 → {"bugs":[…]}
//
// This is a search: missing and private bugs are left out in silence, and ids that are no numbers too. Hence
// ids that do not come back are asked alone, GET {root}/rest/bug/ID, which answers with an HTTP error and
// {"error":true,"code":101|102|100,…}. Without a `limit` Red Hat's answers 20 of them; without
// `include_fields` a bug is ten times as large; an empty list of ids asks for every bug there is.
// `permissive` does not work here.
//
// &last_change_time=2026-11-20T10:00:00Z leaves only what changed then or later, by the database's clock.
// Answers have an ETag (of the data; not quoted) for If-None-Match, which saves bytes and not the server's
// work.

#include "adapters/bugzilla/rest.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/protocol.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::bugzilla {
namespace {

std::string_view fields_of(capabilities const& can)
{
    constexpr std::string_view all =
        "id,status,resolution,priority,severity,summary,product,dupe_of,last_change_time,type";
    return is_mozilla(can.version) ? all : all.substr(0, all.rfind(','));
}

// A bug and its number.
struct numbered_bug {
    std::string id{};
    sighting seen{};
};

// Where the text of a member goes; null where it goes nowhere. Bugs have many, so each is looked at once, and
// its name compared with those of its length only.
std::string* place_of(numbered_bug& in, std::string_view name)
{
    auto& words = in.seen.words;
    switch (name.size()) {
    case 2: return name == "id" ? &in.id : nullptr;
    case 4: return name == "type" ? &words.type : nullptr;
    case 6: return name == "status" ? &words.status : nullptr;
    case 7:
        if (name == "summary")
            return &in.seen.title;
        if (name == "product")
            return &in.seen.product;
        return name == "dupe_of" ? &in.seen.duplicate_of : nullptr;
    case 8:
        if (name == "priority")
            return &words.priority;
        return name == "severity" ? &words.severity : nullptr;
    case 10: return name == "resolution" ? &words.resolution : nullptr;
    default: return nullptr;
    }
}

numbered_bug to_bug(wire::json_object const& bug)
{
    numbered_bug out;
    for (auto const [name, value] : bug) {
        std::string_view text;
        bool const is_text = value.get_string().get(text) == simdjson::SUCCESS;
        if (auto* const place = place_of(out, name); place && is_text)
            place->assign(text);
        else if (place)
            *place = wire::text_of(value);
        else if (is_text && name == "last_change_time")
            out.seen.modified = parse_time(text, naive_time::is_utc);
    }
    auto& resolution = out.seen.words.resolution;
    if (resolution_of(resolution).size() != resolution.size())
        resolution = std::string{resolution_of(resolution)};
    return out;
}

// Records the bugs and the faults of {"bugs":[…],"faults":[…]}.
std::optional<error>
read_bugs(rest_answer const& in, reply const& answer, std::span<std::string const> ids, ledger& book)
{
    auto const bugs = wire::array_member(in.root, "bugs");
    if (!bugs)
        return unreadable(answer, "the JSON has no list of bugs");
    for (auto const item : *bugs) {
        wire::json_object bug;
        if (item.get_object().get(bug) != simdjson::SUCCESS)
            continue;
        auto [id, seen] = to_bug(bug);
        record(book, ids, id, std::move(seen), in.replaced);
    }
    auto const faults = wire::array_member(in.root, "faults");
    if (!faults)
        return std::nullopt;
    for (auto const item : *faults) {
        wire::json_object fault;
        if (item.get_object().get(fault) != simdjson::SUCCESS)
            continue;
        auto const e = record_fault(
            book,
            wire::text_member(fault, "id"),
            wire::integer_member(fault, "faultCode").value_or(0),
            wire::text_member(fault, "faultString"),
            answer.request);
        if (e)
            return e;
    }
    return std::nullopt;
}

class rest final : public protocol {
public:
    explicit rest(std::string_view path) : path_{path} {}

    std::string_view word() const noexcept override { return path_; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return 1; }

    // A larger set of ids hardly comes again.
    std::size_t most_conditional() const noexcept override { return 50; }

    std::size_t batch(capabilities const& can) const noexcept override
    {
        if (is_red_hat(can.version)) // slow queries die after 120 s; anonymous answers end after 20 bugs
            return can.login.empty() ? 20 : 200;
        return 500;
    }

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        auto rq = rest_get(where.root, search(where, ids), way_of(where));
        rq.conditional = ids.size() <= most_conditional();
        return rq;
    }

    bool tells_changes(capabilities const&) const noexcept override { return true; }
    request ask_changed(place const& where, std::span<std::string const> ids, utc_time since) const override
    {
        auto const relative = search(where, ids) + "&last_change_time=" + format_time(since);
        return rest_get(where.root, relative, way_of(where));
    }

    std::optional<error>
    read(place const&, reply const& answer, std::span<std::string const> ids, ledger& book) const override
    {
        auto const in = read_rest(answer);
        if (!in)
            return in.error();
        if (auto const code = in->fault())
            return error_of(*code, in->message(), answer.request);
        return read_bugs(*in, answer, ids, book);
    }

    request ask_one(place const& where, std::string const& id) const override
    {
        auto const relative = fmt::format(
            "{}/bug/{}?include_fields={}", path_, percent_encode(id), fields_of(where.can));
        auto rq = rest_get(where.root, relative, way_of(where));
        rq.conditional = true;
        return rq;
    }

    std::optional<error>
    read_one(place const&, reply const& answer, std::string const& id, ledger& book) const override
    {
        auto const in = read_rest(answer);
        if (!in)
            return in.error();
        if (auto const code = in->fault())
            return record_fault(book, id, *code, in->message(), answer.request);
        return read_bugs(*in, answer, std::span{&id, 1}, book);
    }

private:
    std::string search(place const& where, std::span<std::string const> ids) const
    {
        auto const fields = fields_of(where.can);
        std::size_t length = path_.size() + fields.size() + 50; // the words between, and the limit
        for (auto const& id : ids)
            length += id.size() + 1;
        std::string out;
        out.reserve(length);
        out.append(path_).append("/bug?id=");
        for (auto const& id : ids)
            out.append(id).append(1, ',');
        out.pop_back();
        out.append("&include_fields=").append(fields).append("&limit=");
        return out.append(std::to_string(ids.size()));
    }

    std::string_view path_;
};

} // namespace

std::optional<std::int64_t> rest_answer::fault() const
{
    if (!wire::flag_member(root, "error").value_or(false))
        return std::nullopt;
    return wire::integer_member(root, "code").value_or(0);
}

result<rest_answer> read_rest(reply const& answer)
{
    auto const content_type = answer.header("Content-Type");
    if (wire::media_type(content_type) != "application/json")
        return wire::explain(answer);
    auto json = wire::decode_json(answer.body, content_type);
    if (!json)
        return answer.status == 200 ? unreadable(answer, json.error().message) : wire::explain(answer);
    rest_answer out{.document = std::move(json->document), .replaced = json->replaced};
    if (out.document.root().get_object().get(out.root) != simdjson::SUCCESS)
        return unreadable(answer, "the JSON is no object");
    if (answer.status != 200 && !out.fault())
        return wire::explain(answer);
    return out;
}

request rest_get(web_url const& root, std::string_view relative, std::string_view way)
{
    auto rq = get(root, relative, way);
    rq.headers.emplace_back("Accept", "application/json"); // otherwise it may answer with a page
    return rq;
}

protocol const& rest_protocol() noexcept
{
    static rest const plain{"rest"};
    return plain;
}

protocol const& rest_cgi_protocol() noexcept
{
    static rest const cgi{"rest.cgi"};
    return cgi;
}

} // namespace checkwatches::adapters::bugzilla
