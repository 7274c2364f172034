#include "engine/feed/webhook_signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace checkwatches::feed {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t least = 24; // bytes, as the Standard Webhooks say
constexpr std::size_t most = 64;

error wrong(std::string what)
{
    return {.kind = error_kind::configuration, .message = std::move(what)};
}

unsigned char const* bytes(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

std::string base64_of(unsigned char const* data, std::size_t size)
{
    std::string out((size + 2) / 3 * 4 + 1, '\0'); // with the 0 that is written at its end
    auto const n = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), data, static_cast<int>(size));
    out.resize(static_cast<std::size_t>(n));
    return out;
}

result<std::string> decode(std::string_view text)
{
    std::string out(text.size() / 4 * 3 + 3, '\0');
    auto const n = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), bytes(text), static_cast<int>(text.size()));
    auto const end = text.find('=');
    auto const padding = end == std::string_view::npos ? 0 : text.size() - end;
    if (n < 0 || padding > 2)
        return wrong("what follows \"whsec_\" is no base64");
    out.resize(static_cast<std::size_t>(n) - padding);
    return out;
}

} // namespace

result<secret> signing_key(secret const& text)
{
    auto const whole = text.reveal();
    std::string key{whole};
    if (whole.starts_with(prefix)) {
        if (whole.size() > 4 * most)
            return wrong("the secret is too long");
        auto decoded = decode(whole.substr(prefix.size()));
        if (!decoded)
            return decoded.error();
        key = std::move(*decoded);
    }
    if (key.size() < least || key.size() > most)
        return wrong(fmt::format(
            "the secret is a key of {} bytes; from {} to {} are asked for. A good one: echo "
            "whsec_$(openssl rand -base64 32)",
            key.size(),
            least,
            most));
    return secret{std::move(key)};
}

std::string sign(secret const& key, std::string_view id, std::int64_t timestamp, std::string_view body)
{
    auto const text = fmt::format("{}.{}.{}", id, timestamp, body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    auto const by = key.reveal();
    if (HMAC(
            EVP_sha256(), by.data(), static_cast<int>(by.size()), bytes(text), text.size(), mac.data(), &size)
        == nullptr)
        throw std::runtime_error{"HMAC-SHA256 is not there"};
    return "v1," + base64_of(mac.data(), size);
}

} // namespace checkwatches::feed
