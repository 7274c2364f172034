#include "bench/mock/rt.hpp"

#include <boost/json/parse.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::mock {

namespace {

constexpr std::int64_t default_page = 20;
constexpr std::int64_t largest_page = 100;

answer json(rt_ground const& at, unsigned status, std::string body)
{
    answer a{.status = status, .frame = answer::framing::length};
    a.headers = {
        {std::string{framing_mark}, ""},
        {"Content-Type", "application/json; charset=\"utf-8\""},
        {"Date", http_time(at.site.now())}};
    a.body = std::move(body);
    return a;
}

answer message(rt_ground const& at, unsigned status, std::string_view text)
{
    std::string quoted;
    append_json(quoted, text);
    return json(at, status, fmt::format("{{\"message\":{}}}", quoted));
}

std::string fields_of(bug const& b)
{
    std::string title;
    append_json(title, b.title);
    return fmt::format(
        "\"Subject\" : {},\n   \"Status\" : \"{}\",\n   \"Priority\" : \"{}\",\n   \"LastUpdated\" : \"{}\"",
        title,
        b.now().status,
        b.now().priority,
        iso_time(b.now().since));
}

answer one_ticket(rt_ground& at, request const& rq, std::string_view text)
{
    auto const id = read_id(text);
    if (id)
        at.site.bugs.record_asked(*id);
    auto const* const named = at.site.bugs.find(id.value_or(0));
    if (named == nullptr)
        return message(at, 404, "Not Found");
    auto const& b = at.effective(*named);
    auto const user = rq.basic();
    if (b.hidden && !has_token(at, rq) && user.first != good_user)
        return message(at, 403, "Forbidden");
    auto const tag = fmt::format("\"{}\"", b.id * 1000 + static_cast<int>(b.version()));
    auto a = json(
        at,
        200,
        fmt::format(
            "{{\n   \"id\" : {0},\n   \"Type\" : \"ticket\",\n   \"Resolved\" : \"1970-01-01T00:00:00Z\",\n"
            "   \"EffectiveId\" : {{\n      \"type\" : \"ticket\",\n      \"id\" : \"{0}\",\n      \"_url\" "
            ": "
            "\"{1}/REST/2.0/ticket/{0}\"\n   }},\n   {2}\n}}\n",
            b.id,
            at.site.origin,
            fields_of(b)));
    a.headers.insert(a.headers.begin(), {"ETag", tag});
    if (rq.header("If-None-Match") == tag)
        a.status = 304;
    a.tells = {{b.id, b.version()}};
    return a;
}

// A row of a list.
struct item {
    std::string_view type;
    std::int64_t id{};
    std::string fields{};
    std::optional<told> tells{};
};

// The page of a list that was asked for.
answer page_of(rt_ground const& at, request const& rq, std::vector<item> const& all)
{
    auto const number = [&](std::string_view name, std::int64_t otherwise) {
        auto const given = read_id(field(rq.query, name).value_or("")).value_or(0);
        return given == 0 ? otherwise : given;
    };
    auto const size = static_cast<std::size_t>(std::min(number("per_page", default_page), largest_page));
    auto const page = static_cast<std::size_t>(number("page", 1));
    auto const begin = std::min(all.size(), (page - 1) * size);
    auto const end = std::min(all.size(), begin + size);
    std::string rows;
    answer a = json(at, 200, {});
    for (auto i = begin; i != end; ++i) {
        rows += fmt::format(
            "{0}{{\n   \"_url\" : \"{1}/REST/2.0/{2}/{3}\",\n   \"type\" : \"{2}\",\n   \"id\" : \"{3}\",\n"
            "   {4}\n}}",
            rows.empty() ? "" : ",\n",
            at.site.origin,
            all[i].type,
            all[i].id,
            all[i].fields);
        if (all[i].tells)
            a.tells.push_back(*all[i].tells);
    }
    a.body = fmt::format(
        "{{\n   \"total\" : {},\n   \"count\" : {},\n   \"pages\" : {},\n   \"per_page\" : {},\n   \"page\" "
        ": {},\n{}"
        "   \"items\" : [{}]\n}}\n",
        all.size(),
        end - begin,
        (all.size() + size - 1) / size,
        size,
        page,
        end < all.size()
            ? fmt::format("   \"next_page\" : \"{}{}?page={}\",\n", at.site.origin, rq.path, page + 1)
            : std::string{},
        rows);
    return a;
}

answer search(rt_ground& at, request const& rq, bool member)
{
    auto const query = field(rq.query, "query").value_or("");
    auto const found = at.search(query, member);
    if (!found)
        return message(at, 400, fmt::format("Wrong query in '{}'", query));
    std::vector<item> items;
    for (auto const* const b : *found)
        items.push_back(
            {.type = "ticket", .id = b->id, .fields = fields_of(*b), .tells = told{b->id, b->version()}});
    return page_of(at, rq, items);
}

bug const* visible(rt_ground const& at, std::int64_t id, bool member)
{
    auto const* const named = at.site.bugs.find(id);
    if (named == nullptr)
        return nullptr;
    auto const& b = at.effective(*named);
    return b.hidden && !member ? nullptr : &b;
}

// Empty for a ticket that is missing or hidden.
answer history(rt_ground const& at, request const& rq, std::int64_t id, bool member)
{
    std::vector<item> items;
    auto const add =
        [&](std::int64_t number, std::string_view type, std::string_view who, std::int64_t when) {
            items.push_back(
                {.type = "transaction",
                 .id = number,
                 .fields = fmt::format(
                     R"("Type" : "{}", "Creator" : {{"type" : "user", "id" : "{}"}}, "Created" : "{}")",
                     type,
                     who,
                     iso_time(when))});
        };
    if (auto const* const b = visible(at, id, member)) {
        auto const remarks = remarks_of(*b);
        add(remarks.front().id - 1, "Status", "root", b->created);
        for (auto const& r : remarks)
            add(r.id, &r == &remarks.front() ? "Create" : "Correspond", r.author, r.at);
    }
    return page_of(at, rq, items);
}

// The parts of a remark's mail: what holds the others, the text, and the text as HTML.
std::vector<item> parts_of(remark const& r)
{
    std::vector<item> out;
    for (auto const* const type : {"multipart/alternative", "text/plain", "text/html"}) {
        std::string text;
        append_json(text, out.empty() ? "" : out.size() == 1 ? r.text : "<p>" + r.text + "</p>");
        out.push_back(
            {.type = "attachment",
             .id = r.id * 10 + static_cast<std::int64_t>(out.size()),
             .fields = fmt::format(
                 R"("TransactionId" : "{}", "ContentType" : "{}", "Filename" : "", "Content" : {})",
                 r.id,
                 type,
                 text)});
    }
    return out;
}

// Attachments by [{"field":"TransactionId","value":"7"},…], or by "id": any of these.
answer attachments(rt_ground const& at, request const& rq, bool member)
{
    constexpr std::int64_t remarks_of_a_ticket = 10'000;
    boost::system::error_code broken;
    auto const query = boost::json::parse(rq.body, broken);
    if (broken || !query.is_array())
        return message(at, 400, "JSON object must be a ARRAY");
    std::vector<item> items;
    for (auto const& limit : query.get_array()) {
        auto const text = [&](char const* key) {
            auto const* const value = limit.is_object() ? limit.get_object().if_contains(key) : nullptr;
            return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
        };
        bool const by_id = text("field") == "id";
        auto const id = read_id(text("value")).value_or(0);
        auto const transaction = by_id ? id / 10 : id;
        auto const* const b = visible(at, transaction / remarks_of_a_ticket, member);
        if (b == nullptr)
            continue;
        for (auto const& r : remarks_of(*b))
            for (auto const& part : parts_of(r))
                if (r.id == transaction && (!by_id || part.id == id))
                    items.push_back(part);
    }
    return page_of(at, rq, items);
}

} // namespace

answer rt_rest2(rt_ground& at, request const& rq, std::string_view path)
{
    auto const [user, password] = rq.basic();
    bool const member = has_token(at, rq) || (user == good_user && password == good_password);
    bool const guest = at.guest && user == "guest" && password == "guest";
    if (!member && !guest)
        return message(at, 401, "Unauthorized");
    if (path == "rt")
        return json(at, 200, fmt::format("{{\n   \"Version\" : \"{}\"\n}}\n", at.version));
    if (path == "tickets")
        return search(at, rq, member);
    if (path == "attachments" && rq.method == "POST")
        return attachments(at, rq, member);
    constexpr std::string_view ticket = "ticket/";
    constexpr std::string_view of_ticket = "/history";
    if (path.starts_with(ticket) && path.ends_with(of_ticket)) {
        path.remove_prefix(ticket.size());
        path.remove_suffix(of_ticket.size());
        return history(at, rq, read_id(path).value_or(0), member);
    }
    if (path.starts_with(ticket))
        return one_ticket(at, rq, path.substr(ticket.size()));
    return message(at, 404, "Not Found");
}

} // namespace checkwatches::mock
