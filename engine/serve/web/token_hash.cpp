#include "engine/serve/web/token_hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>

namespace checkwatches::serve {

std::string new_token()
{
    constexpr int bytes = 32;
    std::array<unsigned char, bytes> random{};
    if (RAND_bytes(random.data(), bytes) != 1)
        throw std::runtime_error{"no randomness can be had for a token"};
    std::array<unsigned char, 4 * ((bytes + 2) / 3) + 1> text{}; // with its end
    EVP_EncodeBlock(text.data(), random.data(), bytes);
    std::string out{"cw_"};
    for (auto const c : text) {
        if (c == '=' || c == '\0')
            break;
        out += c == '+' ? '-' : c == '/' ? '_' : static_cast<char>(c);
    }
    return out;
}

std::string hash_of_token(std::string_view token)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    unsigned size = 0;
    if (EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"SHA-256 cannot be had"};
    std::string out;
    for (auto const byte : digest)
        out += fmt::format("{:02x}", byte);
    return out;
}

} // namespace checkwatches::serve
