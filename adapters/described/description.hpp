#pragma once

#include "adapters/adapter.hpp"
#include "adapters/described/address.hpp"
#include "engine/core/word_map.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::adapters::described {

enum class form { json, csv, html };

// Where a value stands. JSON: a pointer (RFC 6901). CSV: the name of a column. HTML: a CSS selector, whose
// first element's text (or attribute) it is; or a label, the text of a cell whose next one holds it (one of
// several, "Hash:|UUID:").
struct field {
    std::string at{};
    std::string attribute{};
    std::string label{};
    std::string after{};  // of the text there, what follows this (nothing where this is not in it) …
    std::string before{}; // … and stands in front of that

    bool empty() const noexcept { return at.empty() && label.empty(); }
};

// What an answer looks like: all that is named must hold.
struct condition {
    std::optional<unsigned> http{};
    field where{};
    std::optional<std::string> is{};       // the whole value, without regard to case
    std::optional<std::string> contains{}; // a part of it
};

// A question about bugs, and how its answer is read.
struct question_form {
    std::string url{}; // a template (expand())
    form how{};
    std::string rows{}; // of several bugs: the pointer or selector of each; empty in CSV, and of one bug
};

// The fields of a bug; those that a tracker has not are empty.
struct bug_fields {
    field id{};
    field status{};
    field resolution{};
    field priority{};
    field severity{};
    field type{};
    field labels{};
    field title{};
    field product{};
    field modified{};
    field duplicate_of{};
};

struct probe_form {
    question_form ask{};
    std::vector<condition> is{}; // each must hold: otherwise it is no tracker of this kind
    field version{};
};

struct login_form {
    login_place place{};
    std::string word{};  // for people: "token"
    question_form ask{}; // proves who we are
    field identity{};
};

// A kind of tracker as a file describes it (README: "A kind of your own").
struct description {
    std::string kind{};
    std::vector<address_pattern> addresses{}; // the first is that of bug_url()
    std::string shown_addresses{};            // the first, for people
    id_form ids{};
    std::vector<std::pair<std::string, std::string>> headers{};
    probe_form probe{};
    question_form bug{};
    std::vector<condition> missing{}; // of the answer for one bug
    std::vector<condition> hidden{};
    std::optional<question_form> batch{};
    std::string separator{","}; // of {ids}
    std::size_t most = 100;     // ids of one batch
    bug_fields fields{};
    std::optional<login_form> login{};
    word_map words{};
};

// Reads a description. An error of kind configuration names file, line and column, what is wrong and what is
// expected.
result<description> read_description(std::string_view text, std::string const& file);

} // namespace checkwatches::adapters::described
