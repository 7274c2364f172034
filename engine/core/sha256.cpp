#include "engine/core/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>

namespace checkwatches {
namespace {

// Looked up once: by EVP_sha256() each digest looks it up again, under a lock, which takes longer than a
// short text does.
EVP_MD const* method()
{
    static std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> const found{
        EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free};
    return found.get();
}

std::string hex_of(std::span<unsigned char const> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (auto const byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 0xFU];
    }
    return out;
}

} // namespace

std::string sha256_of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    auto const* const how = method();
    if (how == nullptr || EVP_Digest(text.data(), text.size(), bytes.data(), &size, how, nullptr) != 1)
        throw std::runtime_error{"SHA-256 is not there"};
    return hex_of(std::span{bytes}.first(size));
}

} // namespace checkwatches
