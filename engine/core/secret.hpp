#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace checkwatches {

// A password, key or token. It prints as "***", is wiped when it goes, and its value must be asked for by
// name.
class secret {
public:
    secret() = default;
    explicit secret(std::string value);
    secret(secret const&) = default;
    secret(secret&& other) noexcept : value_{std::move(other.value_)} { other.wipe(); }
    secret& operator=(secret const& other);
    secret& operator=(secret&& other) noexcept;
    ~secret() { wipe(); }

    std::string_view reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }

private:
    void wipe() noexcept;

    std::string value_;
};

std::ostream& operator<<(std::ostream& out, secret const&);

// Who we are at one origin. A credential is sent to that origin and to no other.
struct credential {
    std::string origin{}; // "https://bugs.example.org", as web_url::origin() writes it
    std::string user{};   // empty where a key or token alone identifies us
    secret value{};
};

} // namespace checkwatches
