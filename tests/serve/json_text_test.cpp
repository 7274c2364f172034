#include "engine/serve/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

using namespace checkwatches::serve;
namespace json = boost::json;

TEST_CASE("a JSON text is what an object of the same members is written as")
{
    json::object object;
    json_text text;
    CHECK(json_text{}.text() == json::serialize(object));

    object["empty"] = "";
    text.add("empty", "");
    object["least"] = std::numeric_limits<std::int64_t>::min();
    text.add("least", std::numeric_limits<std::int64_t>::min());
    object["size"] = std::size_t{42};
    text.add("size", std::size_t{42});
    object["list"] = json::array{1, nullptr};
    text.add_json("list", "[1,null]");
    CHECK(std::move(text).text() == json::serialize(object));
}

TEST_CASE("a JSON text escapes what must be escaped, and leaves every other byte as it is")
{
    std::string all;
    for (int c = 0; c != 256; ++c)
        all += static_cast<char>(c);
    for (std::string const& one : {all, std::string{"\\"}, std::string{"a\"b"}, std::string{"\u00fc\n"}}) {
        json::object object;
        object["text"] = one;
        json_text text;
        text.add("text", one);
        CHECK(std::move(text).text() == json::serialize(object));
    }
}
