"""Firefox and WebKit, Safari's engine: Debian's where it has put them, elsewhere Playwright's own.

Playwright cannot drive Debian's, so these are spoken to in the language that each knows: Firefox in WebDriver BiDi,
WebKit in WebDriver to the driver that comes with it. One process of each serves all pages.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright
from websocket import create_connection

KEYS = {
    "ArrowDown": "\ue015",
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "ArrowUp": "\ue013",
    "Enter": "\ue007",
    "Space": " ",
}
PATIENCE = 60.0
_QUIET = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "focusmanager.testmode": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
}


@dataclass(frozen=True)
class Engine:
    """A browser: open an address, run the body of an asynchronous function in its page, press a key, point.

    What points is a "mouse" or a "touch": it comes down on the first place of the window, goes to the others, and up.
    """

    name: str
    open: Callable[[str], None]
    run: Callable[[str], Any]
    press: Callable[[str], None]
    point: Callable[[str, list[tuple[float, float]]], None]


@contextmanager
def opened(name: str) -> Iterator[Engine]:
    """Start ``firefox`` or ``webkit``."""
    if name == "firefox" and shutil.which("firefox-esr"):
        with _debians_firefox() as engine:
            yield engine
    elif name == "webkit" and shutil.which("WebKitWebDriver"):
        with _debians_webkit() as engine:
            yield engine
    else:
        # Playwright answers the thread that has started it, and no other.
        with ThreadPoolExecutor(1) as own:
            starting = sync_playwright()
            browser = own.submit(lambda: getattr(starting.start(), name).launch()).result()
            engine = own.submit(of_playwright, browser).result()
            calls = (engine.open, engine.run, engine.press, engine.point)
            yield Engine(engine.name, *(lambda *about, do=do: own.submit(do, *about).result() for do in calls))
            own.submit(lambda: (browser.close(), starting.__exit__())).result()


def of_playwright(browser: Browser) -> Engine:
    """Give a page of a browser that Playwright drives."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True).new_page()

    def point(kind: str, places: list[tuple[float, float]]) -> None:
        if kind == "touch":
            page.touchscreen.tap(*places[-1])
            return
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()

    return Engine(
        {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}[browser.browser_type.name],
        lambda url: page.goto(url) and None,
        lambda body: page.evaluate(f"async () => {{ {body} }}"),
        page.keyboard.press,
        point,
    )


def _strokes(key: str) -> list[dict[str, Any]]:
    """Return what WebDriver is asked for to press a key."""
    strokes = [{"type": way, "value": KEYS[key]} for way in ("keyDown", "keyUp")]
    return [{"type": "key", "id": "keys", "actions": strokes}]


def _pointing(kind: str, places: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """Return what WebDriver is asked for to point."""
    first, *others = ({"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0} for x, y in places)
    ways = [first, {"type": "pointerDown", "button": 0}, *others, {"type": "pointerUp", "button": 0}]
    return [{"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": ways}]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def process(*command: str, **env: str) -> Iterator[None]:
    """Run a command, with some more environment, and end it whatever happens meanwhile."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env={**os.environ, **env}, stdout=quiet, stderr=quiet) as process:
        try:
            yield
        finally:  # leaving Popen waits for the process, and what went wrong would never be said
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _once_ready(attempt: Callable[[], Any]) -> Any:
    """Try until a process that has just been started answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@contextmanager
def _debians_firefox() -> Iterator[Engine]:
    port, numbers = _free_port(), count(1)
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _QUIET.items()]
        Path(home, "user.js").write_text("\n".join(lines), encoding="utf8")
        command = ("firefox-esr", "--headless", "--no-remote", "--profile", home, f"--remote-debugging-port={port}")
        stack.enter_context(process(*command, HOME=home, MOZ_DISABLE_CONTENT_SANDBOX="1"))
        address = f"ws://127.0.0.1:{port}/session"
        link = _once_ready(lambda: create_connection(address, timeout=PATIENCE, suppress_origin=True))
        stack.callback(link.close)

        def ask(method: str, **about: Any) -> dict[str, Any]:
            number = next(numbers)
            link.send(json.dumps({"id": number, "method": method, "params": about}))
            while (answer := json.loads(link.recv())).get("id") != number:
                pass
            assert answer["type"] == "success", answer
            return dict(answer["result"])

        ask("session.new", capabilities={})
        tab = ask("browsingContext.getTree")["contexts"][0]["context"]
        ask("browsingContext.activate", context=tab)  # to a tab without the focus no key that presses a button comes
        ask("browsingContext.setViewport", context=tab, viewport={"width": 1280, "height": 900})

        def run(body: str) -> Any:
            function = f"async () => JSON.stringify(await (async () => {{ {body} }})() ?? null)"
            done = ask("script.callFunction", functionDeclaration=function, awaitPromise=True, target={"context": tab})
            assert done["type"] == "success", done
            return json.loads(done["result"]["value"])

        def act(actions: list[dict[str, Any]]) -> None:
            ask("input.performActions", context=tab, actions=actions)

        yield Engine(
            "Firefox",
            lambda url: ask("browsingContext.navigate", context=tab, url=url, wait="complete") and None,
            run,
            lambda key: act(_strokes(key)),
            lambda kind, places: act(_pointing(kind, places)),
        )
        ask("browser.close")


@contextmanager
def _debians_webkit() -> Iterator[Engine]:
    port = _free_port()
    (browser,) = list(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))[:1]
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        screen = f":{os.getpid() % 30_000 + 100}"
        stack.enter_context(process("Xvfb", screen, "-screen", "0", "1400x1000x24", "-nolisten", "tcp"))
        surroundings = {
            "DISPLAY": screen,
            "GDK_BACKEND": "x11",
            "HOME": home,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
            # By way of a graphics card that is not there, a frame costs three times as much.
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        _once_ready(lambda: os.stat(f"/tmp/.X11-unix/X{screen[1:]}"))
        stack.enter_context(process("WebKitWebDriver", f"--port={port}", **surroundings))

        def ask(method: str, path: str, about: Any = None) -> Any:
            data = None if about is None else json.dumps(about).encode()
            request = Request(
                f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"}, method=method
            )
            with urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())["value"]

        _once_ready(lambda: ask("GET", "/status"))
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = f"/session/{ask('POST', '/session', {'capabilities': wanted})['sessionId']}"
        ask("POST", f"{session}/timeouts", {"script": int(PATIENCE * 1000)})
        ask("POST", f"{session}/window/rect", {"width": 1280, "height": 960})

        def run(body: str) -> Any:
            script = f"""const done = arguments[0];
              (async () => {{ {body} }})().catch(error => ({{threw: String(error)}}))
                .then(value => done(JSON.stringify(value ?? null)));"""
            value = json.loads(ask("POST", f"{session}/execute/async", {"script": script, "args": []}))
            assert not (isinstance(value, dict) and "threw" in value), value
            return value

        def act(actions: list[dict[str, Any]]) -> None:
            ask("POST", f"{session}/actions", {"actions": actions})

        yield Engine(
            "WebKit",
            lambda url: ask("POST", f"{session}/url", {"url": url}),
            run,
            lambda key: act(_strokes(key)),
            lambda kind, places: act(_pointing(kind, places)),
        )
        ask("DELETE", session)
