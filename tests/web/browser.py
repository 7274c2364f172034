"""A headless Chromium over the pages of a real resident program, for browser tests.

Beside what tests/app/end_to_end.py needs, the environment names AXE (axe.min.js) and SCREENSHOTS (a folder).
"""

import os
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "app"))
import web  # noqa: E402

AXE = pathlib.Path(os.environ["AXE"]).read_text()
SCREENSHOTS = pathlib.Path(os.environ["SCREENSHOTS"])
PATIENCE = 60  # seconds until a condition that never comes fails the test
TALLEST = 4000  # pixels of a screenshot


def open_browser():
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Case(web.Case):
    def setUp(self):
        super().setUp()
        self.browser = open_browser()
        self.addCleanup(self.browser.quit)

    def go(self, path):
        self.browser.get(self.site + path)

    def path(self):
        return self.browser.current_url.removeprefix(self.site)

    def text(self):
        return self.browser.find_element(By.TAG_NAME, "body").text

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def count(self, selector):
        return len(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def type(self, name, text):
        field = self.find(f"main [name='{name}']")
        field.clear()
        field.send_keys(text)

    def choose(self, name, word):
        Select(self.find(f"main [name='{name}']")).select_by_visible_text(word)

    def press(self, label):
        """The button or link of the page with this text."""
        for one in self.browser.find_elements(By.CSS_SELECTOR, "button, a"):
            if one.text.strip() == label and one.is_displayed():
                # Where it goes, the page is another one.
                one.click()
                return
        self.fail(f"no “{label}” in {self.path()}:\n{self.text()}")

    def await_text(self, wanted):
        """Waits until the page says so, which it may by itself."""
        try:
            WebDriverWait(self.browser, PATIENCE, 0.1, ignored_exceptions=(Exception,)).until(lambda _: wanted in self.text())
        except Exception:
            self.fail(f"{self.path()} never said “{wanted}”:\n{self.text()}\n{self.browser.get_log('browser')}\n{self.logged()}")

    def mark(self):
        """Shows later that the page was not loaded anew."""
        self.browser.execute_script("window.marked = true")

    def is_marked(self):
        return self.browser.execute_script("return window.marked === true")

    def sign_in(self, token):
        self.go("/login")
        self.type("token", token)
        self.press("Sign in")
        WebDriverWait(self.browser, PATIENCE, 0.1).until(lambda _: self.path() != "/login")

    def troubles(self):
        """What axe-core finds serious on the page, as a line each."""
        self.browser.execute_script(AXE)
        found = self.browser.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations), e => done([{impact: 'critical', id: String(e), nodes: []}]))")
        return [f"{one['id']} ({one['impact']}): {node['html']} {node.get('failureSummary', '')}"
                for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"] or [{"html": ""}]]

    def look(self, width, scheme):
        """The page as one with such a screen has it."""
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.size(width, 900)

    def size(self, width, height):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def width(self):
        return self.browser.execute_script("return document.documentElement.scrollWidth")

    def photograph(self, name, width, scheme):
        height = self.browser.execute_script("return document.documentElement.scrollHeight")
        self.size(width, max(600, min(height, TALLEST)))
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.browser.save_screenshot(str(SCREENSHOTS / f"{name}-{width}-{scheme}.png"))


main = web.main
