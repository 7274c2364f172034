#pragma once

#include "engine/core/error.hpp"
#include "engine/serve/http/message.hpp"
#include "storage/records.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace checkwatches::serve {

inline constexpr std::int64_t most_rows = 500; // of a list, in one answer
inline constexpr std::int64_t usual_rows = 100;

// The query of a request, read strictly: each reader takes one argument, where it is there, or notes the
// first thing that is wrong; finish() complains about arguments that nobody took, and about those that come
// twice.
class arguments {
public:
    explicit arguments(http_request const& rq) : query_{rq.query} {}

    std::optional<std::string> text(std::string_view name);
    bool flag(std::string_view name); // "1" or "true", "0" or "false"
    std::optional<std::int64_t> number(std::string_view name);
    std::optional<outcome> how(std::string_view name);
    // One of these words.
    std::optional<std::string> one_of(std::string_view name, std::initializer_list<std::string_view> words);
    std::int64_t limit(); // "limit": 1 to most_rows
    // "after", as make_cursor() writes it, with so many parts; nothing where it is not there.
    std::optional<boost::json::array> cursor(std::size_t parts);

    // "after" of a list that goes on by the number of rows before (slice.hpp); 0 where it is not there.
    std::int64_t offset();

    void complain(std::string what);
    // An error of kind usage: the first thing that is wrong.
    result<void> finish();

private:
    http_fields const& query_;
    std::set<std::string, std::less<>> taken_;
    std::optional<error> trouble_;
};

// Where a list goes on: the key of its last row, as one word that is safe in a URL.
std::string make_cursor(boost::json::array const& key);
std::optional<boost::json::array> read_cursor(std::string_view text);

// The members of a request's body, which must be a JSON object ("" is an empty one), read strictly.
class members {
public:
    // An error of kind usage: no JSON, no object, or nested too deeply.
    static result<members> of(std::string_view body);

    std::optional<std::string> text(std::string_view name);
    std::string need_text(std::string_view name);
    std::optional<bool> flag(std::string_view name);
    std::optional<std::int64_t> whole(std::string_view name);
    std::optional<double> number(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name);
    bool has(std::string_view name) const { return in_.contains(name); }

    void complain(std::string what);
    result<void> finish();

private:
    boost::json::value const* take(std::string_view name);

    boost::json::object in_;
    std::set<std::string, std::less<>> taken_;
    std::optional<error> trouble_;
};

} // namespace checkwatches::serve
