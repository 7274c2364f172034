#include "bench/mock/rt.hpp"

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

answer search(rt_ground& at, request const& rq, bool member)
{
    auto const query = field(rq.query, "query").value_or("");
    auto const found = at.search(query, member);
    if (!found)
        return message(at, 400, fmt::format("Wrong query in '{}'", query));
    auto const number = [&](std::string_view name, std::int64_t otherwise) {
        auto const given = read_id(field(rq.query, name).value_or("")).value_or(0);
        return given == 0 ? otherwise : given;
    };
    auto const size = static_cast<std::size_t>(std::min(number("per_page", default_page), largest_page));
    auto const page = static_cast<std::size_t>(number("page", 1));
    auto const begin = std::min(found->size(), (page - 1) * size);
    auto const end = std::min(found->size(), begin + size);
    std::string items;
    answer a = json(at, 200, {});
    for (auto i = begin; i != end; ++i) {
        auto const& b = *(*found)[i];
        items += fmt::format(
            "{}{{\n   \"_url\" : \"{}/REST/2.0/ticket/{}\",\n   \"type\" : \"ticket\",\n   \"id\" : "
            "\"{}\",\n   {}\n}}",
            items.empty() ? "" : ",\n",
            at.site.origin,
            b.id,
            b.id,
            fields_of(b));
        a.tells.push_back({b.id, b.version()});
    }
    a.body = fmt::format(
        "{{\n   \"total\" : {},\n   \"count\" : {},\n   \"pages\" : {},\n   \"per_page\" : {},\n   \"page\" "
        ": {},\n{}"
        "   \"items\" : [{}]\n}}\n",
        found->size(),
        end - begin,
        (found->size() + size - 1) / size,
        size,
        page,
        end < found->size()
            ? fmt::format("   \"next_page\" : \"{}/REST/2.0/tickets?page={}\",\n", at.site.origin, page + 1)
            : std::string{},
        items);
    return a;
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
    constexpr std::string_view ticket = "ticket/";
    if (path.starts_with(ticket))
        return one_ticket(at, rq, path.substr(ticket.size()));
    return message(at, 404, "Not Found");
}

} // namespace checkwatches::mock
