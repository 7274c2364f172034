"""A resident program whose bugs change, for tests of those who follow its log."""

import jsonschema

import web
from end_to_end import bug_url


class Case(web.Case):
    def setUp(self):
        super().setUp()
        self.mocks = self.mock("kind=bugzilla,name=kde,bugs=12", "kind=gitlab,name=lab,bugs=8")
        self.urls = [bug_url("bugzilla", self.mocks.urls["kde"], i) for i in range(1, 11)]
        self.add(self.urls, "--label", "plasma <&\"'>")
        self.add([bug_url("gitlab", self.mocks.urls["lab"], i) for i in range(1, 6)], "--label", "lab")
        self.serve_web()
        self.operator = self.token("ops")
        self.wait_for(lambda: all(bug["outcome"] for bug in self.all("bugs")), "the first checks")
        self.names = {t["kind"]: t["name"] for t in self.get("trackers")["items"]}

    def change_some(self, count=6):
        """Bugs change, and are looked at."""
        before = self.get("changes", after=0)["last"]
        self.mocks.post("/step", tracker="kde", count=count)
        self.mocks.post("/step", tracker="lab", count=2)
        self.run_program("check", "--force")
        self.wait_for(lambda: self.get("changes", after=0)["last"] > before, "a change")

    def fetch(self, path, expect=200, **headers):
        answer = self.ask("/" + path, headers=headers)
        self.assertEqual(answer.status, expect, f"{path}: {answer.text}")
        self.check_described(path, answer)
        return answer

    def check_described(self, path, answer):
        name = "/" + path.split("?")[0].rstrip("/")
        name = "/t/{name}/json-pushes" if name.startswith("/t/") else name
        document = self.get("openapi.json")
        said = document["paths"][name]["get"]["responses"][str(answer.status)]
        if answer.status == 200 and "json" in name:
            jsonschema.validate(answer.json, {**said["content"]["application/json"]["schema"], "components": document["components"]})

    def whole_log(self):
        return self.all_after(0)

    def all_after(self, after, limit=5, **filters):
        """The log as programs read it upward."""
        items = []
        while True:
            part = self.get("changes", after=after, limit=limit, **filters)
            items += part["items"]
            self.assertGreaterEqual(part["next"], after)
            after = part["next"]
            if not part["truncated"]:
                self.assertEqual(after, part["last"])
                return items


main = web.main
