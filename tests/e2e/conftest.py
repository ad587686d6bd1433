"""A real portal in a process of its own, a real browser, and what they must not do."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

HERE: Final = Path(__file__).parent
TEST_INI: Final = HERE.parent.parent / "test.ini"
PASSWORD: Final = "correct horse battery"
# Ours on a page for signed-in users: what CKAN draws around it is not in our hands.
OURS: Final = ".actionplan-main"
# Accessibility findings in CKAN's own markup, reviewed one by one.
CORE_FINDINGS: Final = HERE / "core_findings.json"
QUIET: Final = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Portal:
    """A running portal with our plugin.

    :param token: of the sysadmin ``administrator``
    """

    url: str
    ini: Path
    token: str = ""

    def ckan(self, *arguments: str) -> str:
        """Run a ``ckan`` command on this portal and return what it prints."""
        program = Path(sys.executable).with_name("ckan")
        done = subprocess.run(
            [program, "-c", self.ini, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def action(self, name: str, /, token: str | None = None, **data: Any) -> Any:
        """Call an action over HTTP, as the sysadmin unless a token is given."""
        reply = requests.post(
            f"{self.url}/api/3/action/{name}",
            json=data,
            headers={"Authorization": self.token if token is None else token},
            timeout=SECONDS,
        )
        answer = reply.json()
        assert answer["success"], answer
        return answer["result"]

    def user(self, name: str, /, **memberships: str) -> str:
        """Create an account with ``PASSWORD``; return its name.

        :param memberships: capacity by name of the organization (``_`` stands for ``-``)
        """
        email = f"{name}@example.org"
        self.action("user_create", name=name, email=email, password=PASSWORD)
        for organization, role in memberships.items():
            self.action(
                "organization_member_create",
                id=organization.replace("_", "-"),
                username=name,
                role=role,
            )
        return name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write_ini(folder: Path, url: str) -> Path:
    """Write test.ini with what a real visitor meets: form tokens, files on disk."""
    changes = {
        "testing": "false",
        "WTF_CSRF_ENABLED": "true",
        "ckan.site_url": url,
        "ckan.storage_path": str(folder / "files"),
        # A portal that is its own upstream: a real CKAN on the other side.
        "ckanext.actionplan.upstream_url": url,
        "ckanext.actionplan.upstream_private_allowed": "true",
    }
    kept = [
        line
        for line in TEST_INI.read_text(encoding="utf-8").splitlines()
        if line.split("=")[0].strip() not in changes
    ]
    at = kept.index("[app:main]") + 1
    lines = [*kept[:at], *(f"{k} = {v}" for k, v in changes.items()), *kept[at:]]
    ini = folder / "e2e.ini"
    ini.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ini


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/3/action/status_show", timeout=SECONDS).ok
    except requests.ConnectionError:
        return False


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if _answers(url):
            return
        time.sleep(0.1)
    pytest.exit(f"the portal does not answer:\n{log.read_text()[-3000:]}", 1)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Run an empty portal with one sysadmin, ``administrator``, until the end."""
    database = os.environ.get("CKAN_SQLALCHEMY_URL", "")
    if "test" not in urlsplit(database).path:
        pytest.exit("run these tests by `make`: they empty the database they get", 1)
    folder = tmp_path_factory.mktemp("portal")
    port = os.environ.get("ACTIONPLAN_TEST_PORT") or str(_free_port())
    url = f"http://127.0.0.1:{port}"
    empty = Portal(url, _write_ini(folder, url))
    empty.ckan("db", "clean", "--yes")
    empty.ckan("db", "upgrade")
    empty.ckan("search-index", "clear")
    account = ("email=a@example.org", f"password={PASSWORD}")
    empty.ckan("user", "add", "administrator", *account)
    empty.ckan("sysadmin", "add", "administrator")
    token = empty.ckan("user", "token", "add", "administrator", "tests", "-q").strip()
    log = folder / "server.log"
    serve = ["run", "--host", "127.0.0.1", "--port", port, "--disable-reloader"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [Path(sys.executable).with_name("ckan"), "-c", empty.ini, *serve],
            stdout=out,
            stderr=out,
        )
    try:
        _wait(server, url, log)
        yield Portal(url, empty.ini, token)
    finally:
        server.terminate()
        server.wait(SECONDS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium: the system's where there is one, else Playwright's own."""
    flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=flags
        )
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, portal: Portal) -> Iterator[BrowserContext]:
    """Return a window of its own: nobody is signed in."""
    opened = browser.new_context(
        base_url=portal.url, viewport={"width": 1280, "height": 900}, locale="en"
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return an empty page; an error in its console fails the test at the end."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" else None
        ),
    )
    yield opened
    if folder := os.environ.get("ACTIONPLAN_TEST_SHOTS"):
        name = re.sub(r"\W+", "-", request.node.name)
        opened.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert errors == []


@pytest.fixture
def sign_in(page: Page) -> Callable[[str], None]:
    """Return the function that signs an account in through CKAN's own form."""

    def signed(name: str) -> None:
        page.goto("/user/login")
        page.fill("#field-login", name)
        page.fill("#field-password", PASSWORD)
        page.locator("form .form-actions button[type=submit]").click()
        expect(page.locator(".account .username")).to_be_visible()

    return signed


@pytest.fixture
def axe(page: Page) -> Callable[..., list[str]]:
    """Return the function that lists accessibility findings of the open page.

    Anonymous pages are checked whole. Signed in, CKAN's own frame fails: there the
    check stays inside our container, named by ``within``.
    """
    known = json.loads(CORE_FINDINGS.read_text(encoding="utf-8"))
    accepted = {(each["rule"], each["selector"]) for each in known}

    def findings(within: str | None = None) -> list[str]:
        if within is not None:
            expect(page.locator(within)).to_have_count(1)
            expect(page.locator(f"{within} h1")).to_have_count(1)
        found = Axe().run(page, context=within).response["violations"]
        return [
            f"{violation['id']} at {node['target'][0]}: {violation['help']}"
            for violation in found
            for node in violation["nodes"]
            if (violation["id"], node["target"][0]) not in accepted
        ]

    return findings
