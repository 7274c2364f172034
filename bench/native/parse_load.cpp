// What it costs to read an answer about a hundred bugs, or one: as a look reads it, by Bugzilla's adapter,
// and the least that the usual parser of its form takes for the same bytes. JSON: simdjson's on-demand walk
// over every field. XML: expat with handlers that keep the text of the last element. One after the other,
// again and again.
//
//   checkwatches-parse-load --times 200
//
// prints {"form":"rest","bytes":…,"bugs":…,"ours_us":…,"bare_us":…} for each form
#include "adapters/bugzilla/protocol.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <exception>
#include <expat.h>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "answers.hpp"
#include "cpu_used.hpp"

namespace {

using namespace checkwatches;

// Reads an answer as a look does; how many bugs were seen.
class adapter_reading {
public:
    adapter_reading(std::string_view protocol, std::string_view type, std::string body, int bugs = 100)
        : how_{*adapters::bugzilla::find_protocol(protocol)}
    {
        can_.version = "5.0.4";
        answer_.status = 200;
        answer_.headers.emplace_back("Content-Type", std::string{type});
        answer_.body = std::move(body);
        for (int id = 21; id != 21 + bugs; ++id)
            ids_.push_back(std::to_string(id));
    }

    std::size_t operator()() const
    {
        adapters::bugzilla::place const where{.root = root_, .can = can_};
        adapters::ledger book{ids_};
        if (auto const e = how_.read(where, answer_, ids_, book))
            throw std::runtime_error{to_string(*e)};
        std::size_t seen = 0;
        for (auto const& one : std::move(book).close().found)
            seen += std::holds_alternative<sighting>(one.what) ? 1 : 0;
        return seen;
    }

private:
    adapters::bugzilla::protocol const& how_;
    web_url root_{};
    capabilities can_{};
    adapters::reply answer_{};
    std::vector<std::string> ids_;
};

// simdjson alone: every field of every bug, as text where it is one.
class json_walk {
public:
    explicit json_walk(std::string const& body) : body_{body} {}

    std::size_t operator()()
    {
        namespace lazy = simdjson::ondemand;
        std::size_t seen = 0;
        lazy::document document;
        lazy::array bugs;
        if (parser_.iterate(body_).get(document) || document["bugs"].get_array().get(bugs))
            throw std::runtime_error{"the JSON cannot be walked"};
        for (auto item : bugs) {
            for (auto field : item.get_object()) {
                std::string_view text;
                if (!field.value().get_string().get(text))
                    length += text.size();
            }
            ++seen;
        }
        return seen;
    }

    std::size_t length = 0; // of the texts, so that they are looked at

private:
    simdjson::ondemand::parser parser_;
    simdjson::padded_string body_;
};

struct freed {
    void operator()(XML_Parser p) const { XML_ParserFree(p); }
};

// expat alone.
class xml_walk {
public:
    explicit xml_walk(std::string body) : body_{std::move(body)} {}

    std::size_t operator()()
    {
        structs_ = 0;
        std::unique_ptr<XML_ParserStruct, freed> const parser{XML_ParserCreate("UTF-8")};
        XML_SetUserData(parser.get(), this);
        XML_SetElementHandler(parser.get(), &start, &end);
        XML_SetCharacterDataHandler(parser.get(), &text);
        if (XML_Parse(parser.get(), body_.data(), static_cast<int>(body_.size()), 1) != XML_STATUS_OK)
            throw std::runtime_error{"the XML cannot be walked"};
        return structs_ - 1; // the outermost holds the list
    }

private:
    static void start(void* self, XML_Char const*, XML_Char const**)
    {
        static_cast<xml_walk*>(self)->text_.clear();
    }
    static void end(void* self, XML_Char const* name)
    {
        static_cast<xml_walk*>(self)->structs_ += std::string_view{name} == "struct" ? 1 : 0;
    }
    static void text(void* self, XML_Char const* piece, int size)
    {
        static_cast<xml_walk*>(self)->text_.append(piece, static_cast<std::size_t>(size));
    }

    std::string body_;
    std::string text_{};
    std::size_t structs_ = 0;
};

// Both in turns, and what one reading of each took. Both have to find as many bugs.
void compare(
    std::string_view form,
    std::size_t bytes,
    int times,
    std::function<std::size_t()> const& ours,
    std::function<std::size_t()> const& bare)
{
    constexpr int block = 10;
    auto const bugs = bare();
    using microseconds = std::chrono::duration<double, std::micro>;
    microseconds ours_us{}, bare_us{}, warming{};
    auto const measure = [&](auto const& read, microseconds& into) {
        auto const began = bench::cpu_used();
        for (int i = 0; i != block; ++i)
            if (auto const seen = read(); seen != bugs)
                throw std::runtime_error{fmt::format("{}: {} of {} bugs were read", form, seen, bugs)};
        into += bench::cpu_used() - began;
    };
    measure(ours, warming);
    measure(bare, warming);
    int const blocks = std::max(times / block, 1);
    for (int i = 0; i != blocks; ++i) {
        measure(bare, bare_us);
        measure(ours, ours_us);
    }
    fmt::print(
        "{{\"form\":\"{}\",\"bytes\":{},\"bugs\":{},\"ours_us\":{:.2f},\"bare_us\":{:.2f}}}\n",
        form,
        bytes,
        bugs,
        ours_us.count() / (blocks * block),
        bare_us.count() / (blocks * block));
}

} // namespace

int main(int argc, char** argv)
try {
    int times = 200;
    std::string form;
    CLI::App options{"What it costs to read an answer"};
    options.add_option("--times", times, "each answer is read")->check(CLI::Range(10, 1'000'000));
    options.add_option("--form", form, "this one alone")->check(CLI::IsMember({"rest", "one bug", "xmlrpc"}));
    CLI11_PARSE(options, argc, argv);

    auto const is_asked = [&](std::string_view name) { return form.empty() || form == name; };
    auto const compare_json = [&](std::string_view name, std::string const& json, int bugs) {
        if (is_asked(name))
            compare(
                name,
                json.size(),
                times,
                adapter_reading{"rest", "application/json; charset=UTF-8", json, bugs},
                [walk = std::make_shared<json_walk>(json)] { return (*walk)(); });
    };
    compare_json("rest", hundred_bugs_in_json(), 100);
    compare_json("one bug", one_bug_in_json(), 1);
    auto const xml = hundred_bugs_in_xml();
    if (is_asked("xmlrpc"))
        compare(
            "xmlrpc",
            xml.size(),
            times,
            adapter_reading{"xmlrpc", "text/xml; charset=UTF-8", xml},
            [walk = std::make_shared<xml_walk>(xml)] { return (*walk)(); });
    return 0;
}
catch (std::exception const& e) {
    fmt::print(stderr, "checkwatches-parse-load: {}\n", e.what());
    return 1;
}
