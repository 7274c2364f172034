#include "engine/core/sha256.hpp"

#include <boost/algorithm/hex.hpp>

#include <openssl/evp.h>

#include <array>
#include <iterator>
#include <stdexcept>

namespace checkwatches {

std::string sha256_of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"SHA-256 is not there"};
    std::string out;
    boost::algorithm::hex_lower(bytes.begin(), bytes.begin() + size, std::back_inserter(out));
    return out;
}

} // namespace checkwatches
