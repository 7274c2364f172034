#include "engine/check/tell_signatures.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace checkwatches;

namespace {

// Keeps what it is told, as "level event: key=value key=value".
class kept_lines final : public logger {
public:
    void write(log_level level, std::string_view event, std::initializer_list<log_field> fields) override
    {
        std::string line = level == log_level::warning  ? "warning "
                           : level == log_level::notice ? "notice "
                                                        : "? ";
        line += std::string{event} + ":";
        for (auto const& f : fields)
            line += " " + std::string{f.key} + "=" + f.value;
        lines.push_back(line);
    }

    std::vector<std::string> lines{};
};

storage::signature_news news(storage::signature_news::what what, std::int64_t times)
{
    return {
        .news = what,
        .tracker = "kde",
        .how = outcome::timeout,
        .message = "nothing for # s",
        .times = times,
        .sample = "nothing for 10 s"};
}

} // namespace

TEST_CASE("error signatures are told at first sight, at powers of ten and when they end")
{
    using what = storage::signature_news::what;
    kept_lines told;
    check::tell_signatures(
        told, {news(what::first, 1), news(what::power_of_10, 100), news(what::ended, 120)});
    std::string const facts = ": tracker=kde outcome=timeout message=nothing for # s times=";
    CHECK(
        told.lines
        == std::vector<std::string>{
            "warning checks fail" + facts + "1 sample=nothing for 10 s",
            "warning checks still fail" + facts + "100 sample=nothing for 10 s",
            "notice checks fail no longer" + facts + "120 sample=nothing for 10 s"});
}

TEST_CASE("no news are not told")
{
    kept_lines told;
    check::tell_signatures(told, {});
    CHECK(told.lines.empty());
}
