"""A person at a browser. Whatever the browser complains about on the way is collected, and so is what axe finds."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Playwright, Request, expect

from tests.journeys import manual

PICTURES = Path(__file__).parent.parent.parent / "test-results"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WAIT_MS = 20_000
_AXE = Axe()
GRAVE = ("serious", "critical")


def open_browser(playwright: Playwright) -> Browser:
    """The machine's Chromium, or else the one that Playwright brings; raises where there is neither."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=zh-CN"])


@dataclass
class Troubles:
    """What must stay empty: scripts that ran from data, errors of scripts and policy, faults of accessibility."""

    dialogs: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)

    def assert_none(self) -> None:
        assert (self.dialogs, self.complaints, self.axe) == ([], [], [])


class Visitor:
    """One browser window of a person, with cookies of its own. Who is ``curious`` examines what is looked at."""

    def __init__(self, page: Page, address: str, story: str, *, scripts: bool, curious: bool) -> None:
        self.page, self.address, self.story = page, address, story
        self.scripts, self.curious = scripts, curious
        self.troubles = Troubles()
        self.posts: list[str] = []
        self._pictures = 0
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.complaints.append(str(error)))
        page.on("request", self._request)

    # Doing

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.address + path)

    def fill(self, **answers: str) -> None:
        """Answer questions by the names of their fields: typed, chosen from a list, or ticked."""
        for name, answer in answers.items():
            field = self.page.locator(f'[name="{name}"]:not([type="hidden"])')
            kind = field.first.get_attribute("type")
            if field.and_(self.page.locator("select")).count():
                field.select_option(answer)
            elif kind == "radio":
                field.and_(self.page.locator(f'[value="{answer}"]')).check()
            elif kind == "checkbox":
                field.check()
            else:
                field.fill(answer)

    def attach(self, name: str, content: bytes) -> None:
        """Choose a file for the page's upload."""
        self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    def press(self, label: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=label, exact=True).first.click()

    def tick_all(self, name: str) -> None:
        """Tick every box of a question."""
        for box in self.page.locator(f'[type="checkbox"][name="{name}"]').all():
            box.check()

    def press_twice(self, label: str) -> None:
        """Click a button as impatient people do, and come to where it leads."""
        here = self.page.url
        self.page.get_by_role("button", name=label, exact=True).first.dblclick()
        self.page.wait_for_url(lambda address: address != here)

    def follow(self, label: str) -> None:
        """Click the first link of a name in the page's own part."""
        self.page.get_by_role("main").get_by_role("link", name=label).first.click()

    def download(self, label: str, kind: str = "") -> bytes:
        """Fetch what a link offers; where several have the name, the one of a kind (PDF, Excel)."""
        offered = self.page.get_by_role("listitem").filter(has_text=kind) if kind else self.page
        with self.page.expect_download() as waiting:
            offered.get_by_role("link", name=label).first.click()
        return waiting.value.path().read_bytes()

    def receive(self, label: str) -> bytes:
        """Press a button that is answered with a file."""
        with self.page.expect_download() as waiting:
            self.press(label)
        return waiting.value.path().read_bytes()

    @contextmanager
    def colleague(self) -> Iterator[Visitor]:
        """Somebody at a browser of his own next to this one, as curious as this one."""
        own = self.page.context.browser
        assert own is not None
        story = f"{self.story}-colleague"
        with visiting(own, self.address, story, scripts=self.scripts, curious=self.curious) as other:
            yield other

    # Looking

    def sees(self, *texts: str) -> None:
        """Wait until the page shows all of the texts."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=WAIT_MS)

    def sees_cell(self, text: str) -> None:
        """Wait until a table has a cell that says just this."""
        expect(self.page.get_by_role("cell", name=text, exact=True).first).to_be_visible(timeout=WAIT_MS)

    def sees_in(self, name: str, answer: str) -> None:
        """Wait until a field holds an answer."""
        expect(self.page.locator(f'[name="{name}"]')).to_have_value(answer, timeout=WAIT_MS)

    def sees_after_reload(self, text: str) -> None:
        """The same for who has no JavaScript: reload until it is there."""
        end = time.monotonic() + WAIT_MS / 1000
        while text not in self.text():
            assert time.monotonic() < end, f"{text} never came: {self.text()}"
            self.page.reload()

    def looks(self, name: str) -> None:
        """Look at the page: for the manual if it wants it; if curious, axe and a picture at a desk and on a phone."""
        expect(self.page.locator(".htmx-request")).to_have_count(0)  # what waits is pale on purpose
        manual.take(self.page, name)
        if not self.curious:
            return
        self._examine(name)
        self._pictures += 1
        for size, width in ((DESK, 1440), (PHONE, 390)):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            picture = PICTURES / self.story / f"{self._pictures:02d}-{name}-{width}.png"
            self.page.screenshot(path=picture, full_page=True)
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]

    def sent(self, path: str) -> int:
        """How many forms went to an address."""
        return sum(address.split("?")[0] == path for address in self.posts)

    def text(self) -> str:
        """What is to be read on the page."""
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    def _examine(self, name: str) -> None:
        self.page.evaluate("scrollTo(0, 0)")
        for violation in _AXE.run(self.page, options={"resultTypes": ["violations"]}).response["violations"]:
            if violation["impact"] in GRAVE:
                where = [node["html"][:200] for node in violation["nodes"][:3]]
                self.troubles.axe.append(f"{name}: {violation['id']} ({violation['impact']}) {where}")

    def _dialog(self, dialog: Dialog) -> None:
        self.troubles.dialogs.append(f"{self.page.url}: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        expected = "Failed to load resource: the server responded with a status of 422" in message.text
        if message.type in ("error", "warning") and not expected:
            self.troubles.complaints.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        if request.method == "POST":
            self.posts.append(request.url.removeprefix(self.address))


@contextmanager
def visiting(
    browser: Browser, address: str, story: str, *, scripts: bool = True, curious: bool = False
) -> Iterator[Visitor]:
    """A visitor who comes, and leaves no trouble behind."""
    context = browser.new_context(
        viewport=DESK,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    context.set_default_timeout(WAIT_MS)
    visitor = Visitor(context.new_page(), address, story, scripts=scripts, curious=curious)
    try:
        yield visitor
    except BaseException as trouble:
        trouble.add_note(f"{story} stood before {visitor.page.url}: {visitor.text()[:1500]}")
        raise
    else:
        visitor.troubles.assert_none()
    finally:
        context.close()
