#pragma once

#include "engine/core/error.hpp"
#include "engine/serve/control_request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::serve {

// The members of a request. Each reader takes one, where it is there, or notes the first thing that is wrong;
// finish() complains about members that nobody took.
class request_reader {
public:
    explicit request_reader(boost::json::object const& in) : in_{in} {}

    void read(std::string_view key, bool& into) { take(key, into, "true or false"); }
    void read(std::string_view key, std::string& into) { take(key, into, "a text"); }
    void read(std::string_view key, std::vector<std::string>& into) { take(key, into, "a list of texts"); }
    void read(std::string_view key, std::vector<storage::bug_id>& into)
    {
        take(key, into, "a list of whole numbers");
    }
    void read(std::string_view key, std::optional<bool>& into) { take(key, into, "true or false"); }
    void read(std::string_view key, std::optional<std::int64_t>& into) { take(key, into, "a whole number"); }
    void read(std::string_view key, std::optional<double>& into) { take(key, into, "a number"); }

    void read(std::string_view key, storage::bug_id& into) { take(key, into, "a whole number"); }

    template <class T>
    void need(std::string_view key, T& into)
    {
        read(key, into);
        if (!in_.contains(key))
            complain(fmt::format("the request needs the field \"{}\"", key));
    }

    void complain(std::string what)
    {
        if (!trouble_)
            trouble_ = error{.kind = error_kind::usage, .message = std::move(what)};
    }

    std::optional<error> const& finish()
    {
        for (auto const& member : in_)
            if (std::string_view const key = member.key(); !taken_.contains(key))
                complain(fmt::format("unknown field \"{}\"; expected one of {}", key, known()));
        return trouble_;
    }

private:
    template <class T>
    void take(std::string_view key, T& into, std::string_view expected)
    {
        taken_.emplace(key);
        auto const* const value = in_.if_contains(key);
        if (value != nullptr && !convert(*value, into))
            complain(fmt::format("\"{}\" must be {}", key, expected));
    }

    static bool convert(boost::json::value const& from, bool& into)
    {
        auto const* const flag = from.if_bool();
        return flag != nullptr && (into = *flag, true);
    }
    static bool convert(boost::json::value const& from, std::string& into)
    {
        auto const* const text = from.if_string();
        return text != nullptr && (into.assign(text->data(), text->size()), true);
    }
    static bool convert(boost::json::value const& from, std::int64_t& into)
    {
        auto const* const number = from.if_int64();
        return number != nullptr && (into = *number, true);
    }
    static bool convert(boost::json::value const& from, storage::bug_id& into)
    {
        std::int64_t number = 0;
        return convert(from, number) && (into = static_cast<storage::bug_id>(number), true);
    }
    static bool convert(boost::json::value const& from, double& into)
    {
        error_code ec;
        auto const number = from.to_number<double>(ec);
        return !ec && (into = number, true);
    }
    template <class T>
    static bool convert(boost::json::value const& from, std::optional<T>& into)
    {
        T value{};
        return convert(from, value) && (into = value, true);
    }
    template <class T>
    static bool convert(boost::json::value const& from, std::vector<T>& into)
    {
        auto const* const list = from.if_array();
        if (list == nullptr)
            return false;
        for (auto const& item : *list)
            if (!convert(item, into.emplace_back()))
                return false;
        return true;
    }

    std::string known() const
    {
        std::string out;
        for (auto const& key : taken_)
            out += (out.empty() ? "" : ", ") + key;
        return out;
    }

    boost::json::object const& in_;
    std::set<std::string, std::less<>> taken_;
    std::optional<error> trouble_;
};

// The members of a request that is written; what is not set, and empty lists, are left out.
class request_writer {
public:
    void begin(std::string_view what) { out_ = {{"v", control_version}, {"do", what}}; }
    template <class T>
    void read(std::string_view key, T const& from)
    {
        put(key, from);
    }
    template <class T>
    void need(std::string_view key, T const& from)
    {
        put(key, from);
    }

    boost::json::object const& members() const noexcept { return out_; }

private:
    void put(std::string_view key, bool from) { out_[key] = from; }
    void put(std::string_view key, std::string const& from) { out_[key] = from; }
    void put(std::string_view key, storage::bug_id from) { out_[key] = static_cast<std::int64_t>(from); }
    template <class T>
    void put(std::string_view key, std::optional<T> const& from)
    {
        if (from)
            out_[key] = *from;
    }
    void put(std::string_view key, std::vector<std::string> const& from)
    {
        if (!from.empty())
            out_[key] = boost::json::array(from.begin(), from.end());
    }
    void put(std::string_view key, std::vector<storage::bug_id> const& from)
    {
        if (from.empty())
            return;
        auto& list = out_[key].emplace_array();
        for (auto const id : from)
            list.push_back(static_cast<std::int64_t>(id));
    }

    boost::json::object out_;
};

} // namespace checkwatches::serve
