"""`python -m bench.interface`: how long the interface takes, in Debian's Chromium."""

import gzip
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fakes.house import KEY, PASSWORD, House, house, sandbox

_STATIC = Path("src/trunkline/web/static")
_CONTACTS = 10_000
_ROUNDS = 5
_FRAMES = """async () => {
  const frames = [];
  let over = false;
  window.addEventListener("pointerup", () => { over = true; }, { once: true });
  let last = performance.now();
  while (!over) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return frames;
}"""


def main() -> int:
    """Prints each figure beside what was asked for."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder)) as (made, browser),
    ):
        figures = {
            "JavaScript at first load, gzipped (kB, asked 350)": _first_load(),
            "scenario list, cold, to its first row (ms, asked 1000)": _median(
                lambda: _scenario_list(made, browser)
            ),
            "editor of 100 modules, to its last disc (ms, asked 1000)": _median(
                lambda: _editor(made, browser)
            ),
            "dragging in it (frames/s, asked 50)": _dragging(made, browser),
            "execution of 10,001 operations, to its list (ms, asked 1500)": _median(
                lambda: _execution(made, browser)
            ),
        }
    for name, figure in figures.items():
        print(f"{name:62s} {figure:8,.0f}")
    return 0


@contextmanager
def _served(folder: Path) -> Iterator[tuple[House, Browser]]:
    """A server with a large scenario and a long execution, and a browser."""
    options = (f"--contacts={_CONTACTS}",)
    with (
        sandbox(folder / "sandbox", *options) as refiner,
        house(folder / "data") as made,
        sync_playwright() as playwright,
    ):
        _furnish(made, refiner)
        first = {"name": "Ada", "password": PASSWORD, "code": made.code}
        made.call("POST", "/session/first", first)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield made, browser
        browser.close()


def _furnish(made: House, refiner: str) -> None:
    connection = {"name": "Refiner", "app": "refiner", "fields": {"api_key": KEY}}
    made.call("POST", "/connections", connection | {"base_url": refiner})
    word = {"module": "tools.set_a_variable", "map": {"name": "a", "value": "b"}}
    large = [{"id": number, **word} for number in range(1, 101)]
    made.call("POST", "/scenarios", {"name": "Large", "flow": large})
    listing = {
        "id": 1,
        "module": "refiner.list_contacts",
        "connection": "Refiner",
        "map": {"limit": _CONTACTS},
    }
    long = [listing, {"id": 2, **word}]
    made.call("POST", "/scenarios", {"name": "Long", "flow": long})
    made.call("POST", "/scenarios/Long/run", {})


def _first_load() -> float:
    """What the page itself names, and what that imports at once."""
    page = (_STATIC / "index.html").read_text()
    first = [file for file in (_STATIC / "assets").glob("*.js") if file.name in page]
    text = "".join(file.read_text() for file in first)
    more = [
        file
        for file in (_STATIC / "assets").glob("*.js")
        if f'from"./{file.name}"' in text and file not in first
    ]
    return sum(len(gzip.compress(file.read_bytes())) for file in first + more) / 1000


def _median(measure: Callable[[], float]) -> float:
    return sorted(measure() for _ in range(_ROUNDS))[_ROUNDS // 2]


@contextmanager
def _cold(made: House, browser: Browser) -> Iterator[Page]:
    """A page that has entered, in a browser that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    credentials: Any = {"name": "Ada", "password": PASSWORD}
    answer = context.request.post(
        f"{made.address}/api/v1/session",
        data=credentials,
        headers={"origin": made.address},
    )
    assert answer.ok, answer.text()
    yield context.new_page()
    context.close()


def _timed(page: Page, url: str, shows: Callable[[Page], Any]) -> float:
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    expect(shows(page)).to_be_visible()
    return (time.perf_counter() - began) * 1000


def _scenario_list(made: House, browser: Browser) -> float:
    with _cold(made, browser) as page:
        url = f"{made.address}/scenarios"
        return _timed(page, url, lambda at: at.get_by_role("link", name="Large"))


def _editor(made: House, browser: Browser) -> float:
    with _cold(made, browser) as page:
        url = f"{made.address}/scenarios/{_id(made, 'Large')}"
        return _timed(
            page, url, lambda at: at.get_by_label(", module 100", exact=False).last
        )


def _dragging(made: House, browser: Browser) -> float:
    """Frames in a second while one disc is dragged back and forth."""
    with _cold(made, browser) as page:
        page.goto(f"{made.address}/scenarios/{_id(made, 'Large')}")
        disc = page.get_by_role("button", name="Set a variable, module 50", exact=False)
        box = disc.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        handle = page.evaluate_handle(f"({{frames: ({_FRAMES})()}})")
        for step in range(120):
            page.mouse.move(x + step % 40, y + step)
        page.mouse.up()
        frames: list[float] = handle.evaluate("one => one.frames")
        return 1000 * len(frames) / sum(frames)


def _execution(made: House, browser: Browser) -> float:
    [run] = made.call("GET", "/executions?scenario=Long&limit=1")
    with _cold(made, browser) as page:
        url = f"{made.address}/executions/{run['id']}"
        return _timed(
            page,
            url,
            lambda at: at.get_by_role("list", name="Operations").locator("li").first,
        )


def _id(made: House, name: str) -> str:
    return str(made.call("GET", f"/scenarios/{name}")["id"])


if __name__ == "__main__":
    sys.exit(main())
