#include "engine/intake/adopt/forwarded.hpp"

#include "adapters/wire/text.hpp"
#include "engine/intake/adopt/clean_text.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

constexpr std::string_view blanks = " \t\r";

// A line that starts with #, unless that is the number of a bug.
bool is_remark(std::string_view line)
{
    return line.front() == '#' && !wire::is_number(line.substr(1, 1));
}

// Calls `visit` with each line that says something, its number, and the column of its first character.
template <class Visit>
void each_line(std::string_view text, Visit visit)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    for (std::int64_t number = 1; !text.empty(); ++number) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        auto const start = line.find_first_not_of(blanks);
        if (start == std::string_view::npos || is_remark(line.substr(start)))
            continue;
        auto const last = line.find_last_not_of(blanks);
        visit(
            line.substr(start, last - start + 1),
            spot{.line = number, .column = static_cast<std::int64_t>(start) + 1});
    }
}

struct piece {
    std::string_view text{};
    std::int64_t column = 0;
};

// The words of a line, split at blanks and commas.
std::vector<piece> words_of(std::string_view line, std::int64_t column)
{
    constexpr std::string_view separators = " \t,";
    std::vector<piece> out;
    for (std::size_t at = 0; (at = line.find_first_not_of(separators, at)) != std::string_view::npos;) {
        auto const end = std::min(line.find_first_of(separators, at), line.size());
        out.push_back({line.substr(at, end - at), column + static_cast<std::int64_t>(at)});
        at = end;
    }
    return out;
}

bool is_url(std::string_view word)
{
    auto const start = wire::lower(word.substr(0, 8));
    return start.starts_with("http://") || start.starts_with("https://");
}

// An address without the brackets that people put around it.
piece bare(piece of)
{
    constexpr std::string_view opening = "<([\"'";
    constexpr std::string_view closing = ">)]\"';.";
    while (!of.text.empty() && opening.find(of.text.front()) != std::string_view::npos) {
        of.text.remove_prefix(1);
        ++of.column;
    }
    while (!of.text.empty() && closing.find(of.text.back()) != std::string_view::npos)
        of.text.remove_suffix(1);
    return of;
}

// What Debian's tracker writes itself in front of an address that is meant.
bool is_mark(std::string_view word)
{
    return word == "forwarded-upstream:" || word == "merged-upstream:";
}

class forwarded_reader {
public:
    void read(std::string_view line, spot at)
    {
        if (auto const flaw = flaw_of_line(line)) {
            reject(at, {}, "the line " + *flaw);
            return;
        }
        auto const words = words_of(line, at.column);
        auto const number = words.empty() ? std::string{} : wire::normal_number(words.front().text);
        if (number.empty()) {
            reject(at, {}, "a line begins with the number of a Debian bug");
            return;
        }
        std::vector<piece> addresses;
        bool plain = true;
        bool mail = false;
        for (std::size_t i = 1; i != words.size(); ++i) {
            auto const word = bare(words[i]);
            if (is_url(word.text))
                addresses.push_back(word);
            else
                plain = plain && is_mark(word.text);
            mail = mail || word.text.find('@') != std::string_view::npos;
        }
        auto const name = "debian:" + number;
        if (addresses.empty() && mail)
            rest(at, leftover::why::left_out, name, "it was forwarded by mail, which no tracker answers for");
        else if (addresses.empty())
            reject(at, name, "it names no address that begins with http:// or https://");
        for (std::size_t i = 0; i != addresses.size(); ++i)
            out.watches.push_back(
                {.at = {.line = at.line, .column = addresses[i].column},
                 .name = name,
                 .url = std::string{addresses[i].text},
                 .what = {.is = plain && i == 0 ? storage::relation::same : storage::relation::related},
                 .usual_label = name});
    }

    adopted out;

private:
    void rest(spot at, leftover::why how, std::string name, std::string reason)
    {
        out.rest.push_back({.at = at, .how = how, .name = std::move(name), .reason = std::move(reason)});
    }
    void reject(spot at, std::string name, std::string reason)
    {
        rest(at, leftover::why::bad, std::move(name), std::move(reason));
    }
};

class usertag_reader {
public:
    explicit usertag_reader(std::vector<leftover>& rest) : rest_{rest} {}

    void read(std::string_view line, spot at)
    {
        if (auto const flaw = flaw_of_line(line)) {
            reject(at, "the line " + *flaw);
            return;
        }
        auto words = words_of(line, at.column);
        if (words.empty())
            return;
        auto const first = wire::lower(words.front().text);
        if (first == "tag:") {
            tag_ = words.size() == 2 ? std::string{words[1].text} : std::string{};
            if (tag_.empty())
                reject(at, "\"Tag:\" is followed by one tag");
            in_bugs_ = false;
            return;
        }
        if (first == "bugs:") {
            in_bugs_ = true;
            words.erase(words.begin());
        }
        else if (in_bugs_ && at.column == 1) {
            in_bugs_ = false;
        }
        if (in_bugs_)
            add_bugs(words, at);
        else
            add_tags(words, at);
    }

    std::map<std::string, other_view> finish() &&
    {
        std::map<std::string, other_view> out;
        for (auto& [number, said] : said_) {
            auto status = std::move(said.status);
            if (!said.resolution.empty())
                status += (status.empty() ? "" : " ") + said.resolution;
            out[number].status = std::move(status);
        }
        return out;
    }

private:
    void add_bugs(std::vector<piece> const& numbers, spot at)
    {
        for (auto const& word : numbers) {
            auto const number = wire::normal_number(word.text);
            if (number.empty())
                reject({.line = at.line, .column = word.column}, "the number of a Debian bug is expected");
            else
                add(number, tag_, at);
        }
    }
    void add_tags(std::vector<piece> const& words, spot at)
    {
        auto const number = wire::normal_number(words.front().text);
        if (number.empty() || words.size() == 1) {
            reject(at, "\"Tag: T\", \"Bugs: N, N\", or a bug's number and its tags are expected");
            return;
        }
        for (std::size_t i = 1; i != words.size(); ++i)
            add(number, words[i].text, {.line = at.line, .column = words[i].column});
    }
    void add(std::string const& number, std::string_view tag, spot at)
    {
        constexpr std::string_view status = "status-";
        constexpr std::string_view resolution = "resolution-";
        auto const plain = wire::lower(tag);
        if (plain.starts_with(status) && plain.size() > status.size())
            said_[number].status = tag.substr(status.size());
        else if (plain.starts_with(resolution) && plain.size() > resolution.size())
            said_[number].resolution = tag.substr(resolution.size());
        else if (!tag.empty() && strange_.insert(std::string{tag}).second)
            rest_.push_back(
                {.at = at,
                 .how = leftover::why::left_out,
                 .name = "tag " + quoted_briefly(tag),
                 .reason = "no tag of bts-link's: those begin with status- or resolution-"});
    }
    void reject(spot at, std::string reason)
    {
        rest_.push_back({.at = at, .how = leftover::why::bad, .reason = std::move(reason)});
    }

    struct said {
        std::string status{};
        std::string resolution{};
    };
    std::vector<leftover>& rest_;
    std::map<std::string, said> said_;
    std::set<std::string> strange_;
    std::string tag_;
    bool in_bugs_ = false;
};

} // namespace

adopted read_forwarded(std::string_view text)
{
    forwarded_reader in;
    each_line(text, [&](std::string_view line, spot at) { in.read(line, at); });
    return std::move(in.out);
}

std::map<std::string, other_view> read_usertags(std::string_view text, std::vector<leftover>& rest)
{
    usertag_reader in{rest};
    each_line(text, [&](std::string_view line, spot at) { in.read(line, at); });
    return std::move(in).finish();
}

} // namespace checkwatches::intake
