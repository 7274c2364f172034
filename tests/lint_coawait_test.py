#!/usr/bin/env python3
"""Samples that lint_coawait.py must flag, and samples that it must not."""

import sys
import unittest

sys.dont_write_bytecode = True
import lint_coawait  # noqa: E402

FLAGGED = {
    "a designated temporary": "co_await f(req{.a = 1});",
    "a temporary without a type": "co_await f({.a = 1});",
    "a list": 'co_await f({"a", "b"});',
    "a temporary in a wrapper": "auto rs = co_await wrap(req{x});",
    "a temporary beside": "f(req{x}, co_await g());",
    "a temporary behind": "f(co_await g(), req{x});",
    "a temporary of a template": "co_await f(std::vector<int>{1, 2});",
    "a temporary around": "f(req{co_await g()});",
    "a returned temporary around": "co_return req{.a = co_await g()};",
    "a temporary over lines": "co_await f(\n    req{\n        .a = 1,\n    });",
    "a temporary in a condition": "if (co_await f(req{1})) { x(); }",
    "a temporary in a chain": "(co_await f()).g(req{1});",
    "a capture by value": "co_await co_spawn(ex, [p = x]() -> awaitable<void> { co_return; }, tok);",
    "a capture of all by value": "co_await g([=] { return 1; });",
    "a capture of this": "co_await g([this] { return a_; });",
    "mixed captures": "co_await g([&a, b](int) mutable { return b; });",
    "a capture beside one by reference": "co_await g([&] { x(); }, [b] { y(); });",
    "a conditional operand": "auto x = c ? co_await a() : b;",
    "a conditional argument": "co_await f(c ? x : y);",
    "a condition that awaits": "auto x = co_await a() ? 1 : 2;",
    "both awaited": "bool const ok = co_await a() && (co_await b()).x;",
    "the second awaited": "if (ready && co_await b()) return;",
    "the first awaited": "while (co_await a() || stop) {}",
    "the operators of awaitables": "co_await (f() || t());",
    "inside of a lambda's body": "auto f = [&]() -> awaitable<void> { co_await g(req{1}); };",
    "behind a raw string": 'auto s = R"({")"; co_await f(req{1});',
    "behind a quote character": "auto c = '\"'; co_await f(req{1}); auto d = '\"';",
    "an assertion": "CHECK(co_await f());",
    "an assertion of a comparison": "REQUIRE((co_await f()).x == 1);",
}

SAFE = {
    "a plain call": "co_await f(a, b);",
    "an empty temporary": "co_await f(probe{});",
    "a call that builds": 'co_await f(make_req(1), a + "/b", std::make_unique<int>(1));',
    "a named operand": "req const r{.a = 1};\nco_await f(r);",
    "a named lambda": "auto body = [p]() -> awaitable<void> { co_return; };\nco_await g(std::move(body));",
    "a lambda by reference": "co_await g([&] { return T{1}; });",
    "a named reference": "co_await g([&a, &b](int i) { return a + b + i; });",
    "no captures": "co_await g([](int i) -> int { return i ? 1 : 2; });",
    "a binding": "auto [ec, n] = co_await s.read(buffer, use_tuple);",
    "a binding in a condition": "if (auto [ec] = co_await s.connect(p, use_tuple); ec)\n    co_return error{.cause = ec};",
    "an initialiser in a condition": "if (auto x = co_await f(); x && y) { g(T{1}); }",
    "a loop": "while (auto p = co_await next()) { use(T{*p}); }",
    "a loop over what is awaited": "for (auto&& x : co_await f()) { use(T{x}); }",
    "a guard before": "if (a && b)\n    co_await f();",
    "a conditional guard": "if (a ? b : c) co_return co_await f();",
    "a branch": "if (a && b) { x(T{1}); }\nelse\n    co_await f();",
    "a case": "switch (x) { case a::b: co_await f(); break; default: co_await g(); }",
    "statements around": "x = a && b; co_await f(); y = c ? T{1} : T{2};",
    "a block before": "{ g(T{1}); }\nco_await f();",
    "a function before": "awaitable<void> h() { co_return; }\nawaitable<int> f() { co_return co_await g(); }",
    "a declared variable": "result<int> got{co_await f()};",
    "an assigned result": "co_return error{.kind = k};",
    "a comment": "// co_await f(req{1})\n/* co_await a() && b() */ co_await f();",
    "a string": 'log("co_await f({1}) ? a : b"); co_await f("&&", "?", "{x}");',
    "a separator of digits": "co_await f(10'000, 20'000);",
    "a subscript": "co_await f(a[i], b[j + 1]);",
    "a body without captures behind": "run([&]() -> awaitable<void> { co_await f(); }, T{1});",
    "a name that only looks like it": "my_co_await_ = a && b;",
}


class Lint(unittest.TestCase):
    def test_flags(self):
        for name, source in FLAGGED.items():
            with self.subTest(name):
                self.assertTrue(list(lint_coawait.findings(source)), source)
                self.assertTrue(list(lint_coawait.findings("void f()\n{\n" + source + "\n}\n")), source)

    def test_passes(self):
        for name, source in SAFE.items():
            with self.subTest(name):
                self.assertEqual(list(lint_coawait.findings(source)), [], source)
                self.assertEqual(list(lint_coawait.findings("void f()\n{\n" + source + "\n}\n")), [], source)

    def test_tells_the_line(self):
        source = 'auto s = R"(\n\n)"; // one\n/*\n*/ x();\nco_await f(req{1});\n'
        self.assertEqual([line for line, _ in lint_coawait.findings(source)], [6])


if __name__ == "__main__":
    unittest.main()
