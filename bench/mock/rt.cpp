#include "bench/mock/rt.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

constexpr status_word statuses[]{
    {"new", true, false},
    {"open", true, false},
    {"stalled", true, false},
    {"resolved", false, false},
    {"rejected", false, false},
};
constexpr std::string_view priorities[]{"0", "10", "25", "50", "75", "90"};
constexpr vocabulary rt_vocabulary{statuses, {}, {}, priorities, {}};

constexpr std::array options{
    std::string_view{"version"},
    std::string_view{"rest1"},
    std::string_view{"rest2"},
    std::string_view{"tokens"},
    std::string_view{"custom_fields"},
    std::string_view{"guest"},
    std::string_view{"session"}};

class rt_site final : public site {
public:
    explicit rt_site(site_ground ground) : ground_{std::move(ground)} {}

private:
    answer answer_to(request const& rq) override
    {
        constexpr std::string_view rest1 = "/REST/1.0/";
        constexpr std::string_view rest2 = "/REST/2.0/";
        std::string_view const path = rq.path;
        if (ground_.rest1 && path.starts_with(rest1))
            return rt_rest1(ground_, rq, path.substr(rest1.size()));
        if (ground_.rest2 && path.starts_with(rest2))
            return rt_rest2(ground_, rq, path.substr(rest2.size()));
        return page(path == "/" ? 200 : 404);
    }

    answer page(unsigned status) const
    {
        answer a{.status = status};
        a.headers = {
            {"Date", http_time(ground_.site.now())},
            {"Content-Type", "text/html; charset=utf-8"},
            {std::string{framing_mark}, ""}};
        a.body = fmt::format(
            "<!DOCTYPE html>\n<html><head><title>{}</title></head><body><div id=\"footer\">RT {}</div></body>"
            "</html>\n",
            status == 200 ? "Login" : "Not Found",
            ground_.version);
        return a;
    }

    rt_ground ground_;
};

} // namespace

bool set_rt_flavour(tracker_options& into, std::string_view flavour)
{
    auto const set = [&](std::string_view key, std::string_view value) {
        into.own.insert_or_assign(std::string{key}, value);
    };
    if (flavour == "5.0.3")
        return true;
    if (flavour == "rest2") {
        set("rest1", "0");
        return true;
    }
    if (flavour != "4.0" && flavour != "3.4")
        return false;
    set("version", flavour == "4.0" ? "4.0.25" : "3.4.5");
    set("rest2", "0");
    set("tokens", "0");
    if (flavour == "3.4")
        set("custom_fields", "0");
    return true;
}

rt_ground::rt_ground(site_ground ground) : site{std::move(ground)}
{
    auto const& given = site.options;
    auto const on = [&](std::string_view key) { return given.option(key, "1") != "0"; };
    version = given.option("version", "5.0.3+dfsg-3~deb12u6");
    rest1 = on("rest1");
    rest2 = on("rest2");
    tokens = on("tokens");
    custom_fields = on("custom_fields");
    guest = on("guest");
    session_length = read_id(given.option("session", "0")).value_or(0);
}

bug const& rt_ground::effective(bug const& b) const
{
    auto const* const original = site.bugs.find(b.now().duplicate_of);
    return original == nullptr ? b : *original;
}

std::optional<std::vector<bug const*>> rt_ground::search(std::string_view query, bool member) const
{
    std::string plain;
    for (char const c : query)
        if (c != ' ' && c != '(' && c != ')')
            plain += c;
    std::vector<bug const*> found;
    constexpr std::string_view changed = "ANDLastUpdated>'";
    auto const mark = plain.find(changed);
    std::optional<std::int64_t> since;
    if (mark != std::string::npos) {
        since = read_time(query.substr(query.find('\'') + 1));
        if (!since)
            return std::nullopt;
        plain.resize(mark);
    }
    for (std::string_view rest = plain; !rest.empty();) {
        constexpr std::string_view id_is = "id=";
        auto const end = std::min(rest.find("OR"), rest.size());
        auto const term = rest.substr(0, end);
        auto const id = term.starts_with(id_is) ? read_id(term.substr(id_is.size())) : std::nullopt;
        if (!id)
            return std::nullopt;
        site.bugs.record_asked(*id);
        auto const* const b = site.bugs.find(*id);
        bool const shown = b != nullptr && (!b->hidden || member) && b->now().duplicate_of == 0
                           && b->now().status != "deleted";
        if (shown && (!since || b->now().since > *since))
            found.push_back(b);
        rest.remove_prefix(std::min(rest.size(), end + 2));
    }
    std::ranges::sort(found, {}, &bug::id);
    return found;
}

bool has_token(rt_ground const& at, request const& rq)
{
    return at.tokens && rq.header("Authorization") == fmt::format("token {}", good_key);
}

mock_kind rt_kind() noexcept
{
    return {
        .name = "rt",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<rt_site>(std::move(ground));
        },
        .words = [](tracker_options const&) noexcept { return rt_vocabulary; },
        .set_flavour = set_rt_flavour,
        .options = options};
}

} // namespace checkwatches::mock
