#include "engine/feed/digest/mail_message.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::feed;
using Catch::Matchers::Contains;

namespace {

storage::digest_letter letter()
{
    return {
        .number = 3,
        .topic = "label curl",
        .kind = "settled",
        .at = utc_time{std::chrono::seconds{1'800'000'000}},
        .message_id = "0123456789abcdef0123456789abcdef.3@example.org",
        .references = {"a.1@example.org", "b.2@example.org"},
        .subject = "[d] curl: settled, 39 changes",
        .text = "One.\n.\nFrom here: größer\n",
        .html = "<p>größer</p>\n"};
}
digest_settings const settings{.name = "d", .to = {"anna@example.org", "bert@example.org"}};
mail_head const head{.from = {.name = "Bug watch", .address = "bugs@example.org"}};

} // namespace

TEST_CASE("Mail: a letter's headers thread it and say what it is", "[digest]")
{
    auto const mail = compose(letter(), settings, head);
    CHECK(mail.from == "bugs@example.org");
    CHECK(mail.to == settings.to);
    CHECK(mail.name == "0123456789abcdef0123456789abcdef.3");
    auto const headers = mail.bytes.substr(0, mail.bytes.find("\n\n") + 1);
    CHECK_THAT(headers, Contains("From: Bug watch <bugs@example.org>\n"));
    CHECK_THAT(headers, Contains("To: anna@example.org, bert@example.org\n"));
    CHECK_THAT(headers, Contains("Subject: [d] curl: settled, 39 changes\n"));
    CHECK_THAT(headers, Contains("Date: Fri, 15 Jan 2027 08:00:00 +0000\n"));
    CHECK_THAT(headers, Contains("Message-Id: <0123456789abcdef0123456789abcdef.3@example.org>\n"));
    CHECK_THAT(headers, Contains("In-Reply-To: <b.2@example.org>\n"));
    CHECK_THAT(headers, Contains("References: <a.1@example.org> <b.2@example.org>\n"));
    CHECK_THAT(headers, Contains("List-Id: checkwatches d <d.checkwatches.example.org>\n"));
    CHECK_THAT(headers, Contains("Auto-Submitted: auto-generated\n") && Contains("Precedence: list\n"));
    CHECK_THAT(headers, Contains("Content-Type: multipart/alternative;") && !Contains("List-Unsubscribe"));
}

TEST_CASE("Mail: it is the same each time", "[digest]")
{
    CHECK(compose(letter(), settings, head).bytes == compose(letter(), settings, head).bytes);
}

TEST_CASE("Mail: how to leave is said where the configuration knows", "[digest]")
{
    auto with = head;
    with.unsubscribe = "mailto:bugs@example.org";
    CHECK_THAT(
        compose(letter(), settings, with).bytes, Contains("List-Unsubscribe: <mailto:bugs@example.org>\n"));
}

TEST_CASE("Mail: nothing in a letter makes a header or a line that is too long", "[digest]")
{
    auto what = letter();
    what.subject = "[d] cu\r\nBcc: eve@example.org\r\n\r\nbody " + std::string(400, 'x') + " größer 🐛";
    auto with = head;
    with.from.name = "Bug\r\nBcc: eve@example.org";
    auto const mail = compose(what, settings, with);
    std::size_t begin = 0;
    bool in_headers = true;
    while (begin < mail.bytes.size()) {
        auto const end = mail.bytes.find('\n', begin);
        auto const line = mail.bytes.substr(begin, end - begin);
        CHECK(line.size() <= 998);
        if (line.empty())
            in_headers = false;
        if (in_headers)
            CHECK_FALSE(line.starts_with("Bcc"));
        CHECK(line.find('\r') == std::string::npos);
        begin = end + 1;
    }
}

TEST_CASE("Mail: an address is one of plain characters with a domain", "[digest]")
{
    CHECK(parse_address("bugs@example.org")->address == "bugs@example.org");
    auto const named = parse_address("Bug watch <bugs+x@lists.example.org>");
    REQUIRE(named);
    CHECK(named->name == "Bug watch");
    CHECK(named->address == "bugs+x@lists.example.org");
    CHECK(named->domain() == "lists.example.org");
    auto const* const wrong = GENERATE(
        "",
        "bugs",
        "@example.org",
        "bugs@",
        "-oQ/tmp@example.org",
        "bugs@-example.org",
        "a@example.org, b@example.org",
        "all: a@example.org;",
        "bugs@example.org\r\nBcc: eve@example.org",
        "bu gs@example.org",
        "<script>@example.org");
    CAPTURE(wrong);
    CHECK_FALSE(parse_address(wrong));
}
