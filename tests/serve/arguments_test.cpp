#include "engine/serve/api/arguments.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;

namespace {

http_request with(http_fields query)
{
    return {.method = "GET", .query = std::move(query)};
}

std::string trouble_of(http_request const& rq)
{
    arguments in{rq};
    in.text("name");
    in.flag("flag");
    in.number("number");
    in.how("outcome");
    in.one_of("by", {"label", "owner"});
    in.limit();
    in.cursor(2);
    auto const good = in.finish();
    return good ? "" : good.error().message;
}

} // namespace

TEST_CASE("A query is read strictly: what is wrong is said, and nothing is passed over")
{
    struct row {
        http_fields query;
        std::string says;
    };
    std::vector<row> const rows{
        {{}, ""},
        {{{"name", ""}, {"flag", "true"}, {"number", "0"}, {"outcome", "timeout"}, {"by", "owner"}}, ""},
        {{{"nam", "x"}},
         "unknown argument \"nam\"; there are: after, by, flag, limit, name, number, outcome"},
        {{{"name", "x"}, {"name", "y"}}, "the argument \"name\" comes twice"},
        {{{"flag", "yes"}}, "\"flag\" must be 1 or 0"},
        {{{"number", "-1"}}, "\"number\" must be a whole number that is not negative"},
        {{{"number", "99999999999999999999"}}, "\"number\" must be a whole number that is not negative"},
        {{{"number", "1x"}}, "\"number\" must be a whole number that is not negative"},
        {{{"outcome", "broken"}}, "\"outcome\" must be an outcome, like \"timeout\""},
        {{{"by", "kind"}}, "\"by\" must be one of label, owner"},
        {{{"limit", "0"}}, "\"limit\" must be 1 to 500"},
        {{{"limit", "501"}}, "\"limit\" must be 1 to 500"},
        {{{"after", "zz"}}, "\"after\" must be what an answer named as \"next\""},
        {{{"after", make_cursor({1})}}, "\"after\" must be what an answer named as \"next\""},
        {{{"after", make_cursor({1, "x"})}}, ""}};
    for (auto const& r : rows) {
        CAPTURE(r.says);
        CHECK(trouble_of(with(r.query)) == r.says);
    }
}

TEST_CASE("A cursor comes back as it was, whatever the key holds")
{
    boost::json::array const key{7, "ä/\"&?", ""};
    auto const text = make_cursor(key);
    CHECK(text.find_first_not_of("0123456789abcdef") == std::string::npos);
    REQUIRE(read_cursor(text));
    CHECK(*read_cursor(text) == key);
    CHECK_FALSE(read_cursor("7b7d")); // an object
    CHECK_FALSE(read_cursor("5b5"));  // half a byte
}

TEST_CASE("A body is read strictly, too")
{
    auto const trouble = [](std::string_view body) -> std::string {
        auto in = members::of(body);
        if (!in)
            return in.error().message;
        in->need_text("url");
        in->flag("dry");
        in->whole("batch");
        in->number("rate");
        in->texts("products");
        auto const good = in->finish();
        return good ? "" : good.error().message;
    };
    CHECK(trouble(R"({"url":"x","dry":true,"batch":3,"rate":0.5,"products":["a"]})").empty());
    CHECK(trouble(R"({"url":"x","dry":null})").empty());
    CHECK(trouble("") == "the body needs \"url\", a text");
    CHECK(trouble("[]") == "the body must be a JSON object");
    CHECK(trouble("{").starts_with("the body is no JSON"));
    CHECK(trouble(std::string(100, '[')).starts_with("the body is no JSON"));
    CHECK(trouble(R"({"url":1})") == "\"url\" must be a text");
    CHECK(trouble(R"({"url":"x","dry":1})") == "\"dry\" must be true or false");
    CHECK(trouble(R"({"url":"x","batch":-1})") == "\"batch\" must be a whole number that is not negative");
    CHECK(trouble(R"({"url":"x","rate":"1"})") == "\"rate\" must be a number");
    CHECK(trouble(R"({"url":"x","products":[1]})") == "\"products\" must be a list of texts");
    CHECK(
        trouble(R"({"url":"x","ulr":1})")
        == "unknown member \"ulr\"; there are: batch, dry, products, rate, url");
}
