#pragma once

#include "engine/core/url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::adapters::described {

// What the ids of a kind are: a number; a hash in hexadecimal digits, which its beginning names too; or a
// name of letters, digits, ".", "_" and "-".
enum class id_form { number, hex, name };

// The one spelling of an id; nothing where no bug of this kind can have it. At most 64 characters.
std::optional<std::string> normal_id(id_form form, std::string_view text);

// Whether the id that an answer gives is that of the bug that was asked for; both are normal.
bool is_same_id(id_form form, std::string_view asked, std::string_view given) noexcept;

// The shape of a bug's address: "{base}/tickets/{id}", "https://bugs.example.org/*/{id}",
// "{base}/view?name={id}". {base} is the address of the tracker, a "*" is one segment of the path, and a
// query parameter may hold the id.
class address_pattern {
public:
    // Nothing where the text is not of that form.
    static std::optional<address_pattern> parse(std::string_view text);

    struct match {
        web_url base{};
        std::string id{}; // as it is written, percent-decoded
    };
    // Nothing where the URL is of another shape. {base} is all that stands in front.
    std::optional<match> of(web_url const& url) const;

    // The address of this bug at this tracker; a "*" is written "-".
    web_url make(web_url const& base, std::string_view id) const;

private:
    std::optional<web_url> root_{};       // in place of {base}, where the pattern is of one host
    std::vector<std::string> segments_{}; // after the base; "{id}" and "*"
    std::string parameter_{};             // of the query, that holds the id
};

// What fills the slots of a template.
struct slots {
    web_url base{};
    web_url api{};
    std::string id{};
    std::string ids{};
};

// The URL of a template: {base} and {api} are the tracker's addresses without their last slash, {origin} the
// host of {api}, {id} and {ids} are percent-encoded. Errors as for parse_url.
result<web_url> expand(std::string_view text, slots const& with);

// The first slot of a template that expand() does not know ("{project}"), or an empty text.
std::string unknown_slot(std::string_view text);

} // namespace checkwatches::adapters::described
