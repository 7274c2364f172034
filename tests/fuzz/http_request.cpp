#include "engine/serve/http/escapes.hpp"
#include "engine/serve/http/hosts.hpp"
#include "engine/serve/http/request_parser.hpp"
#include "engine/serve/http/router.hpp"
#include "tests/fuzz/claim.hpp"

#include <algorithm>
#include <string>

using namespace checkwatches;
using namespace checkwatches::serve;

namespace {

constexpr request_bounds bounds{
    .most_header = 1024, .most_target = 256, .most_body = 2048, .most_arguments = 8};

struct outcome_of_reading {
    unsigned refused = 0;
    bool whole = false;
    std::size_t used = 0;
    http_request rq{};
};

// Reads the bytes in pieces of `piece`.
outcome_of_reading read_in_pieces(std::string_view bytes, std::size_t piece)
{
    request_parser parser{bounds};
    outcome_of_reading out;
    while (!bytes.empty() && !parser.is_whole() && !parser.refused()) {
        auto const part = bytes.substr(0, piece);
        auto const used = parser.put(part);
        fuzz::claim(used <= part.size(), "no more is taken than was given");
        bool const is_over = parser.is_whole() || parser.refused();
        fuzz::claim(used == part.size() || is_over, "what is not taken is behind the request");
        out.used += used;
        bytes.remove_prefix(used);
    }
    out.whole = parser.is_whole();
    if (parser.refused())
        out.refused = parser.refused()->status;
    if (out.whole)
        out.rq = parser.take();
    return out;
}

bool is_good_part(std::string const& part)
{
    bool const is_name = !part.empty() && part != "." && part != "..";
    return is_name && is_utf8(part) && part.find('\\') == std::string::npos && fuzz::is_printable(part)
           && part.find_first_of("\t\r\n") == std::string::npos;
}

std::ptrdiff_t count(http_request const& rq, std::string_view name)
{
    return std::ranges::count_if(rq.headers, [&](auto const& f) {
        return !find_field({f}, name).empty()
               || (f.second.empty() && !find_field({{f.first, "x"}}, name).empty());
    });
}

// What handlers rely on.
void claim_good(http_request const& rq)
{
    fuzz::claim(rq.path.starts_with('/') && fuzz::is_printable(rq.path), "the path is one");
    fuzz::claim(std::ranges::all_of(rq.parts, is_good_part), "the parts of the path are names");
    fuzz::claim(rq.query.size() <= bounds.most_arguments, "the arguments are bounded");
    fuzz::claim(rq.body.size() <= bounds.most_body, "the body is bounded");
    fuzz::claim(count(rq, "Host") == 1, "there is one Host");
    fuzz::claim(
        count(rq, "Content-Length") + count(rq, "Transfer-Encoding") <= 1, "there is one length at most");
    for (auto const& [name, value] : rq.headers)
        fuzz::claim(
            is_utf8(name) && is_utf8(value) && value.find_first_of("\r\n") == std::string::npos,
            "a field is one line of text");
    for (auto const& [name, value] : rq.query)
        fuzz::claim(is_utf8(name) && is_utf8(value), "the arguments are text");
}

route_table const& routes()
{
    static route_table const table = [] {
        route_table out;
        for (auto const* pattern : {"/", "/bugs/{id}", "/bugs/new", "/{any}/list", "/a/{b}/{c}"})
            out.add("GET", pattern);
        out.add("POST", "/bugs/{id}");
        return out;
    }();
    return table;
}

} // namespace

// A request, and whatever follows it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const bytes = fuzz::as_text(data, size);
    auto const whole = read_in_pieces(bytes, bytes.size() + 1);
    auto const dripped = read_in_pieces(bytes, 1);
    auto const pieces = read_in_pieces(bytes, 7);
    fuzz::claim(!(whole.whole && whole.refused), "a request is whole or refused");
    // A chunk's head that is broken can be refused some bytes later when it comes in pieces.
    for (auto const* other : {&dripped, &pieces})
        fuzz::claim(whole.whole == other->whole, "a request does not depend on the pieces in which it comes");
    if (!whole.whole)
        return 0;
    for (auto const* other : {&dripped, &pieces}) {
        fuzz::claim(whole.used == other->used, "nor does its end");
        fuzz::claim(whole.rq.method == other->rq.method && whole.rq.path == other->rq.path, "nor its line");
        fuzz::claim(whole.rq.headers == other->rq.headers, "nor do its headers");
        fuzz::claim(whole.rq.body == other->rq.body, "nor does its body");
    }
    claim_good(whole.rq);
    if (auto const form = read_form(whole.rq.body))
        fuzz::claim(form->size() <= most_form_fields, "the fields of a form are bounded");
    (void)read_host(whole.rq.header("Host"));
    (void)whole.rq.cookie("session");
    auto const found = routes().find(whole.rq.method, whole.rq.parts);
    fuzz::claim(found.status == 200 || found.match.captured.empty(), "no route captures nothing");
    fuzz::claim((found.status == 405) == !found.allow.empty(), "what is not allowed says what is");
    return 0;
}
