#include "tape.hpp"

#include "storage/open.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace storage = checkwatches::storage;

namespace {

recording_store* awaits_connection = nullptr;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Takes a value as SQLite writes it off the front of a statement: NULL, 17 or 'it''s'.
bound_value take_value(std::string_view& from)
{
    bound_value out;
    if (from.starts_with("NULL")) {
        from.remove_prefix(4);
        return out;
    }
    if (from.starts_with('\'')) {
        out.is = bound_value::kind::text;
        for (from.remove_prefix(1);; from.remove_prefix(1)) {
            if (from.starts_with("''"))
                from.remove_prefix(1);
            else if (from.starts_with('\''))
                break;
            out.text += from.at(0);
        }
        from.remove_prefix(1);
        return out;
    }
    out.is = bound_value::kind::number;
    auto const [end, ec] = std::from_chars(from.data(), from.data() + from.size(), out.number);
    if (ec != std::errc{})
        throw std::logic_error{fmt::format("a value that cannot be read: {}", from.substr(0, 40))};
    from.remove_prefix(static_cast<std::size_t>(end - from.data()));
    return out;
}

// What stands in `expanded` in the places of the parameters ?1, ?2, … of `text`.
std::vector<bound_value> values_in(std::string_view text, std::string_view expanded)
{
    std::vector<bound_value> out;
    while (!text.empty()) {
        if (!(text.size() > 1 && text[0] == '?' && is_digit(text[1]))) {
            if (!expanded.starts_with(text[0]))
                throw std::logic_error{"a statement that is not told as it was prepared"};
            text.remove_prefix(1);
            expanded.remove_prefix(1);
            continue;
        }
        std::size_t number = 0;
        auto const* const end = std::from_chars(text.data() + 1, text.data() + text.size(), number).ptr;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (out.size() < number)
            out.resize(number);
        out[number - 1] = take_value(expanded);
    }
    return out;
}

void bind(sqlite3_stmt* to, int index, bound_value const& value)
{
    switch (value.is) {
    case bound_value::kind::nothing: sqlite3_bind_null(to, index); break;
    case bound_value::kind::number: sqlite3_bind_int64(to, index, value.number); break;
    case bound_value::kind::text:
        sqlite3_bind_text64(to, index, value.text.data(), value.text.size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
    }
}

} // namespace

recording_store::recording_store(std::string const& path)
{
    // The store's connection is its own: SQLite shows us each that is opened meanwhile.
    auto const entry = reinterpret_cast<void (*)()>(&recording_store::connected);
    awaits_connection = this;
    sqlite3_auto_extension(entry);
    auto opened = storage::store::open(path);
    sqlite3_cancel_auto_extension(entry);
    store_ = std::move(opened.value());
}
recording_store::~recording_store() = default;

int recording_store::connected(sqlite3* to, char** /*trouble*/, void const* /*api*/)
{
    return sqlite3_trace_v2(to, SQLITE_TRACE_STMT, &recording_store::told, awaits_connection);
}

int recording_store::told(unsigned /*what*/, void* self, void* statement, void* text)
{
    bool const is_of_a_trigger = std::string_view{static_cast<char const*>(text)}.starts_with("--");
    auto& me = *static_cast<recording_store*>(self);
    if (me.tape_ != nullptr && !is_of_a_trigger)
        me.note(static_cast<sqlite3_stmt*>(statement));
    return 0;
}

void recording_store::note(sqlite3_stmt* statement)
{
    std::string const text = sqlite3_sql(statement);
    std::unique_ptr<char, decltype(&sqlite3_free)> const expanded{
        sqlite3_expanded_sql(statement), &sqlite3_free};
    tape_->runs.push_back({.statement = number_of(text), .values = values_in(text, expanded.get())});
}

std::size_t recording_store::number_of(std::string const& text)
{
    auto const [place, is_new] = numbers_.try_emplace(text, texts_.size());
    if (is_new)
        texts_.push_back(text);
    return place->second;
}

statement_tape recording_store::record(std::function<void(storage::store&)> const& work)
{
    statement_tape out;
    store_->in_transaction([&] {
        tape_ = &out;
        work(*store_);
        tape_ = nullptr;
    });
    return out;
}

bare_loop::bare_loop(std::string const& path)
    : db_{storage::open_for_writing(path).value()},
      begin_{prepare("BEGIN IMMEDIATE")},
      commit_{prepare("COMMIT")}
{}

void bare_loop::finalize::operator()(sqlite3_stmt* handle) const noexcept
{
    sqlite3_finalize(handle);
}

bare_loop::prepared bare_loop::prepare(std::string const& text)
{
    sqlite3_stmt* made = nullptr;
    auto const code = sqlite3_prepare_v3(
        db_.get(), text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK)
        throw std::runtime_error{sqlite3_errmsg(db_.get())};
    return prepared{made};
}

sqlite3_stmt* bare_loop::nth(std::size_t statement, std::vector<std::string> const& texts)
{
    while (statements_.size() <= statement)
        statements_.push_back(prepare(texts.at(statements_.size())));
    return statements_[statement].get();
}

void bare_loop::step(sqlite3_stmt* statement)
{
    auto const code = sqlite3_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        throw std::runtime_error{sqlite3_errmsg(db_.get())};
    sqlite3_reset(statement);
}

void bare_loop::play(statement_tape const& tape, std::vector<std::string> const& texts)
{
    step(begin_.get());
    for (auto const& run : tape.runs) {
        auto* const statement = nth(run.statement, texts);
        int index = 0;
        for (auto const& value : run.values)
            bind(statement, ++index, value);
        step(statement);
    }
    step(commit_.get());
}
