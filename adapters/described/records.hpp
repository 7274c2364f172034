#pragma once

#include "adapters/described/description.hpp"
#include "adapters/wire/csv.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/page_tree.hpp"

#include <map>
#include <variant>

namespace checkwatches::adapters::described {

// What an answer holds: one record, or the rows of a list.
class records {
public:
    // Reads an answer of any HTTP status. `rows` as in question_form: empty where the answer is itself the
    // one record (in CSV: each row is one). An error of kind unparsable where it is not of this form.
    static result<records> read(form how, std::string const& rows, reply const& from);

    std::size_t size() const noexcept;
    std::size_t replaced() const noexcept { return replaced_; } // as decode_text() counts

    // The value of a field; empty where it is not there, or is no text, number, true or false. Spaces at its
    // ends are gone.
    std::string text(std::size_t row, field const& where) const;
    // Each of them, where the field is a list.
    std::vector<std::string> texts(std::size_t row, field const& where) const;

private:
    using document = std::variant<wire::json_document, wire::csv_table, wire::page_tree>;

    explicit records(document in) : in_{std::move(in)} {}
    std::vector<std::string> raw(std::size_t row, field const& where) const;

    document in_;
    std::vector<wire::json_element> elements_{};
    std::vector<wire::page_element> parts_{};
    std::vector<std::map<std::string, wire::page_element>>
        cells_{}; // of each part, by their labels in lower case
    std::size_t replaced_ = 0;
};

// Whether the answer looks like that. `in` may be null: the answer could not be read.
bool holds(condition const& what, reply const& from, records const* in);

// What is wrong with an answer that was to be read: by its status and its media type (wire::explain), or
// nothing.
std::optional<error> expect(form how, reply const& from);

} // namespace checkwatches::adapters::described
