#include "engine/core/url.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <cctype>
#include <string>
#include <string_view>

using namespace checkwatches;

namespace {

web_url url(std::string_view text)
{
    return parse_url(text).value();
}

std::string resolved(std::string_view base, std::string_view reference)
{
    auto const out = resolve(url(base), reference);
    return out ? out->text() : to_string(out.error());
}

} // namespace

TEST_CASE("a URL is taken apart")
{
    auto const u = url("HTTPS://Bugs.Example.ORG:8443/Show_Bug.cgi?id=42&ctype=xml#c3");
    CHECK(u.scheme == "https");
    CHECK(u.host == "bugs.example.org");
    CHECK(u.port == 8443);
    CHECK(u.path == "/Show_Bug.cgi");
    CHECK(u.query == "id=42&ctype=xml");
    CHECK(u.origin() == "https://bugs.example.org:8443");
    CHECK(u.authority() == "bugs.example.org:8443");
    CHECK(u.target() == "/Show_Bug.cgi?id=42&ctype=xml");
    CHECK(u.text() == "https://bugs.example.org:8443/Show_Bug.cgi?id=42&ctype=xml");
}

TEST_CASE("the default port is not written")
{
    CHECK(url("http://h").port == 80);
    CHECK(url("https://h").port == 443);
    CHECK(url("http://h:80/x").text() == "http://h/x");
    CHECK(url("https://h:443/x").text() == "https://h/x");
    CHECK(url("https://h:80/x").text() == "https://h:80/x");
    CHECK(url("http://h:/x").text() == "http://h/x");
    CHECK(url("http://h:65535/").authority() == "h:65535");
    CHECK(url("http://h:00080/").port == 80);
}

TEST_CASE("a URL always has a path, and no empty query")
{
    CHECK(url("http://h").path == "/");
    CHECK(url("http://h?a=b").target() == "/?a=b");
    CHECK(url("http://h/x?").text() == "http://h/x");
    CHECK(url("http://h#frag").text() == "http://h/");
    CHECK(url("http://h//x").text() == "http://h//x");
    CHECK(url("http://h/a%2Fb%20c").path == "/a%2Fb%20c");
}

TEST_CASE("an IPv6 address stands in brackets wherever it is written")
{
    auto const u = url("http://[2001:DB8::1]:8080/x");
    CHECK(u.host == "2001:db8::1");
    CHECK(u.authority() == "[2001:db8::1]:8080");
    CHECK(u.text() == "http://[2001:db8::1]:8080/x");
    CHECK(url("http://[::1]/").text() == "http://[::1]/");
    CHECK(url("http://127.0.0.1:8081/").host == "127.0.0.1");
}

TEST_CASE("what is no web URL is refused and the reason is told")
{
    struct sample {
        std::string_view text{};
        std::string_view why{};
    };
    auto const s = GENERATE(
        sample{"", "is not a URL"},
        sample{"bugs.example.org/1", "is not a URL"},
        sample{"/bugs/1", "is not a URL"},
        sample{"//h/x", "is not a URL"},
        sample{"http://h/a b", "is not a URL"},
        sample{"http://h/\xC3\xA4", "is not a URL"},
        sample{"http://h/%zz", "is not a URL"},
        sample{"http://[::1/", "is not a URL"},
        sample{"http://h:80x/", "is not a URL"},
        sample{"ftp://h/x", "is not an http or https URL"},
        sample{"file:///etc/passwd", "is not an http or https URL"},
        sample{"mailto:a@example.org", "is not an http or https URL"},
        sample{"http:/x", "names no host"},
        sample{"http:///x", "names no host"},
        sample{"http://:80/", "names no host"},
        sample{"http://h:0/", "has a port that is not between 1 and 65535"},
        sample{"http://h:65536/", "has a port that is not between 1 and 65535"},
        sample{"http://h:99999999999999999999/", "has a port that is not between 1 and 65535"},
        sample{"http://joe@h/", "has a user name or password in it"},
        sample{"http://@h/", "has a user name or password in it"});
    INFO(s.text);
    auto const got = parse_url(s.text);
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::usage);
    CHECK_THAT(got.error().message, Catch::Contains(std::string{s.why}));
}

TEST_CASE("a host that would be written back as another URL is refused")
{
    std::string_view const text = GENERATE(
        "http://good.example%2Fevil.example/",
        "http://good.example%40evil.example/",
        "http://h%3A8080/",
        "http://h%00/",
        "http://h%20x/",
        "http://b%C3%BCgs.example/",
        "http://a,b/",
        "http://[v1.x]/");
    INFO(text);
    CHECK(parse_url(text).has_error());
    CHECK(resolve(url("http://h/"), text).has_error());
}

TEST_CASE("an error about a URL shows no credential")
{
    std::string_view const text = GENERATE(
        "https://joe:hunter2@h/",
        "https://joe:hunter2@h:0/",
        "https://joe:a b hunter2@h/",
        "https://joe:x/hunter2@h/",
        "https://joe:x?hunter2@h/",
        "joe:hunter2@h",
        "ftp://h/x?password=hunter2",
        "https://h:0/?api_key=hunter2#x",
        "https://h/a b#access_token=hunter2");
    INFO(text);
    auto const got = parse_url(text);
    REQUIRE(got.has_error());
    CHECK_THAT(to_string(got.error()), !Catch::Contains("hunter2"));
}

TEST_CASE("an error quotes a bounded part of the URL, in one line and in whole characters")
{
    auto const got = parse_url("ftp://h/\x1b[31m\n" + std::string(186, 'x') + "\xE2\x82\xAC" + "yyyy");
    REQUIRE(got.has_error());
    CHECK(got.error().message == "\"ftp://h/ [31m " + std::string(186, 'x') + "…\" is not a URL");
}

TEST_CASE("a URL that is too long is refused")
{
    std::string const start = "http://h/";
    CHECK(parse_url(start + std::string(8192 - start.size(), 'a')).has_value());
    CHECK(parse_url(start + std::string(8193 - start.size(), 'a')).has_error());
    CHECK(resolve(url(start), std::string(8193, 'a')).has_error());
    auto const base = url(start + std::string(5000, 'a') + "/");
    CHECK(resolve(base, "?" + std::string(5000, 'b')).has_error());
    CHECK(resolve(base, "?" + std::string(3000, 'b')).has_value());
}

TEST_CASE("references are resolved as RFC 3986 says")
{
    // The examples of §5.4; a fragment is dropped, and an empty path of a URL is "/".
    struct sample {
        std::string_view reference{};
        std::string_view target{};
    };
    auto const s = GENERATE(
        sample{"g", "http://a/b/c/g"},
        sample{"./g", "http://a/b/c/g"},
        sample{"g/", "http://a/b/c/g/"},
        sample{"/g", "http://a/g"},
        sample{"//g", "http://g/"},
        sample{"?y", "http://a/b/c/d;p?y"},
        sample{"g?y", "http://a/b/c/g?y"},
        sample{"#s", "http://a/b/c/d;p?q"},
        sample{"g#s", "http://a/b/c/g"},
        sample{";x", "http://a/b/c/;x"},
        sample{"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        sample{"", "http://a/b/c/d;p?q"},
        sample{".", "http://a/b/c/"},
        sample{"./", "http://a/b/c/"},
        sample{"..", "http://a/b/"},
        sample{"../", "http://a/b/"},
        sample{"../g", "http://a/b/g"},
        sample{"../..", "http://a/"},
        sample{"../../g", "http://a/g"},
        sample{"../../../g", "http://a/g"},
        sample{"/./g", "http://a/g"},
        sample{"/../g", "http://a/g"},
        sample{"g..", "http://a/b/c/g.."},
        sample{"./../g", "http://a/b/g"},
        sample{"./g/.", "http://a/b/c/g/"},
        sample{"g/./h", "http://a/b/c/g/h"},
        sample{"g;x=1/../y", "http://a/b/c/y"},
        sample{".g", "http://a/b/c/.g"},
        sample{"/..", "http://a/"},
        sample{"/g//h/../i", "http://a/g//i"},
        sample{"..g", "http://a/b/c/..g"},
        sample{"g/../h", "http://a/b/c/h"},
        sample{"g?y/../x", "http://a/b/c/g?y/../x"},
        sample{"https://b:8443/z", "https://b:8443/z"},
        sample{"//b:81/z?q", "http://b:81/z?q"});
    INFO(s.reference);
    CHECK(resolved("http://a/b/c/d;p?q", s.reference) == s.target);
}

TEST_CASE("a reference to another scheme or with a user name is refused")
{
    auto const base = url("https://h/x");
    CHECK(resolve(base, "ftp://h/").has_error());
    CHECK(resolve(base, "javascript:alert(1)").has_error());
    CHECK(resolve(base, "//joe:hunter2@h/").has_error());
    CHECK(resolve(base, "a b").has_error());
    CHECK(resolved("https://[::1]:8443/x", "y") == "https://[::1]:8443/y");
}

TEST_CASE("a path is joined with one slash")
{
    CHECK(join(url("http://h"), "rest/bug").text() == "http://h/rest/bug");
    CHECK(join(url("http://h/"), "/rest/bug").text() == "http://h/rest/bug");
    CHECK(join(url("http://h/bz"), "rest/bug").text() == "http://h/bz/rest/bug");
    CHECK(join(url("http://h/bz/"), "//rest/bug").text() == "http://h/bz/rest/bug");
    CHECK(join(url("http://h/bz?x=1"), "buglist.cgi?id=1?2").text() == "http://h/bz/buglist.cgi?id=1?2");
    CHECK(join(url("http://h/bz?x=1"), "y").query.empty());
    CHECK(join(url("http://h/bz"), "").text() == "http://h/bz/");
}

TEST_CASE("query parameters are found and decoded")
{
    auto const u = url("http://h/?id=42&summary=a+b%26c%3D%2B&flag&empty=&id=43&%69tem=7&&=x");
    CHECK(u.parameter("id") == "42");
    CHECK(u.parameter("summary") == "a b&c=+");
    CHECK(u.parameter("flag") == "");
    CHECK(u.parameter("empty") == "");
    CHECK(u.parameter("item") == "7");
    CHECK_FALSE(u.parameter("ID"));
    CHECK_FALSE(u.parameter("summ"));
    CHECK_FALSE(url("http://h/").parameter("id"));
}

TEST_CASE("percent coding brings every byte there and back")
{
    std::string all;
    for (int i = 0; i != 256; ++i)
        all += static_cast<char>(i);
    auto const encoded = percent_encode(all);
    CHECK(percent_decode(encoded) == all);
    CHECK(url("http://h/" + encoded + "?" + encoded).path == "/" + encoded);
    CHECK(url("http://h/?x=" + encoded).parameter("x") == all);
    for (char const c : encoded)
        CHECK(
            (std::isalnum(static_cast<unsigned char>(c))
             || std::string_view{"-._~%"}.find(c) != std::string_view::npos));
    CHECK(percent_encode("aZ09-._~ /?&=+%") == "aZ09-._~%20%2F%3F%26%3D%2B%25");
}

TEST_CASE("a percent sign that starts no escape stays")
{
    CHECK(percent_decode("%") == "%");
    CHECK(percent_decode("100%") == "100%");
    CHECK(percent_decode("%4") == "%4");
    CHECK(percent_decode("%zz%41%4g%e2%82%AC") == "%zzA%4g\xE2\x82\xAC");
    CHECK(percent_decode("+") == "+");
    CHECK(percent_decode("%%41") == "%A");
}

TEST_CASE("forms are encoded")
{
    CHECK(form_encode({}).empty());
    CHECK(form_encode({{"a b", "c&d"}, {"e", ""}, {"f", "\xC3\xA4"}}) == "a%20b=c%26d&e=&f=%C3%A4");
}

TEST_CASE("the values of credentials are not shown")
{
    std::string const name = GENERATE(
        "api_key",
        "Bugzilla_api_key",
        "Bugzilla_login",
        "Bugzilla_password",
        "Bugzilla_token",
        "token",
        "access_token",
        "private_token",
        "job_token",
        "api.token",
        "oauth_token",
        "key",
        "KEY",
        "pass",
        "password",
        "os_password",
        "client_secret",
        "secret",
        "apikey",
        "sig",
        "%61pi_key",
        "api%5Fkey");
    INFO(name);
    auto const plain = "https://h/rest/bug?id=1&" + name + "=hunter2&x=y";
    CHECK(redacted(url(plain)) == "https://h/rest/bug?id=1&" + name + "=***&x=y");
    CHECK_THAT(redacted(url("https://h/?" + name + "=hunter2")), !Catch::Contains("hunter2"));
    CHECK_THAT(redacted(url("https://h/?a=b;" + name + "=hunter2;c=d")), !Catch::Contains("hunter2"));
    CHECK_THAT(redacted(url("https://h/?" + name + "=x;hunter2")), !Catch::Contains("hunter2"));
    CHECK_THAT(redacted(url("https://h/?" + name + "=x=hunter2")), !Catch::Contains("hunter2"));
}

TEST_CASE("what is no credential is shown as it is")
{
    std::string_view const text = GENERATE(
        "https://h/buglist.cgi?bug_id=1%2C2&ctype=csv&keywords=crash&keywords_type=allwords",
        "https://h/query?id=1,2;3&col=id&col=status&max=0",
        "https://h/?a&b=&=c&&d=e&",
        "https://h/path;jump=1/token/7",
        "http://[::1]:8080/x");
    INFO(text);
    CHECK(redacted(url(text)) == text);
}

TEST_CASE("a link may be an e-mail address")
{
    auto const mail = parse_link("mailto:dev@example.org");
    REQUIRE(mail);
    CHECK(mail->scheme == "mailto");
    CHECK(mail->path == "dev@example.org");
    CHECK(mail->text() == "mailto:dev@example.org");
    CHECK(parse_link("https://example.org/1").value().text() == "https://example.org/1");
    for (auto const* const bad :
         {"mailto:", "mailto:@x", "mailto:x@", "mailto:dev", "mailto:a b@c", "ftp://x/"}) {
        INFO(bad);
        CHECK(parse_link(bad).error().kind == error_kind::usage);
    }
    CHECK(parse_url("mailto:dev@example.org").has_error());
}
