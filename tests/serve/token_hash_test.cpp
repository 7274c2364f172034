#include "engine/serve/web/token_hash.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace checkwatches::serve;

TEST_CASE("a token is long, may stand in a URL, and is another each time")
{
    constexpr std::size_t prefix = 3;
    constexpr std::size_t characters = 43;
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    std::string all;
    for (int i = 0; i != 50; ++i) {
        auto const token = new_token();
        CHECK(token.starts_with("cw_"));
        CHECK(token.size() == prefix + characters);
        CHECK(token.find_first_not_of(plain) == std::string::npos);
        CHECK(all.find(token) == std::string::npos);
        all += token;
    }
}

TEST_CASE("what is stored of a token is its SHA-256")
{
    CHECK(hash_of_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash_of_token("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
