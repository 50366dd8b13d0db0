"""The page in headless Chromium: it loads, is pressed, and the robot does it."""

import re
import shutil
import subprocess
import sys
import time

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 90.0
"""Time for what a slow machine does [s]."""
ERRORS: list[str] = []
"""Of the page's own script."""
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address():
    """Of a page that shows a ride."""
    command = [sys.executable, "-m", "scenarios", "gui", "ride_straight", "--web", "--port", "0", "--token", "t"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.match(r"(http://127\.0\.0\.1:\d+/\?token=t) shows the ride", process.stdout.readline())
            assert found is not None
            yield found[1]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def page(address):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        tab = browser.new_page(viewport={"width": 900, "height": 640})
        tab.on("pageerror", lambda error: ERRORS.append(str(error)))
        tab.goto(address)
        yield tab
        browser.close()


def told(page):
    """What the page says of the ride: speed [m/s], mode, and time [s]; None where it says nothing yet."""
    text = page.inner_text("body")
    speed = re.search(r"(-?\d+\.\d) m/s", text)
    mode = re.search(r"mode: (\w[\w ]*)", text)
    at = re.search(r"(\d+\.\d) s ", text)
    if speed is None or mode is None or at is None:
        return None
    return float(speed[1]), mode[1].strip(), float(at[1])


def is_paused(page):
    """Whether the page says so, not only on a label."""
    return re.search(r"\d s\s+paused", page.inner_text("body")) is not None


def wait(page, true):
    """Wait until what the page says is so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        now = told(page)
        if now is not None and true(*now):
            return now
        time.sleep(0.3)
    raise AssertionError(f"after {PATIENCE:g} s the page says {told(page)}")


def test_it_loads_and_goes_on_by_itself(page):
    _, _, at = wait(page, lambda speed, mode, at: speed > 1.5)
    wait(page, lambda speed, mode, later: later > at + 0.5)
    assert ERRORS == []


def test_there_is_something_to_be_seen(page, tmp_path):
    """Joints and tyres are dark, and the ground is bright; it all fades in at first."""
    from imageio.v3 import imread

    end = time.monotonic() + PATIENCE
    dark = 0.0
    while not 0.002 < dark < 0.5 and time.monotonic() < end:
        page.screenshot(path=tmp_path / "page.png")
        scene = imread(tmp_path / "page.png")[190:560, 100:500, :3].astype(float)
        dark = (scene.max(axis=2) < 90.0).mean()
    assert 0.002 < dark < 0.5


def test_a_press_on_the_halt_brings_it_to_rest_and_another_one_on_again(page):
    page.get_by_role("button", name="halt on the left foot").click()
    wait(page, lambda speed, mode, at: mode in ("foot down", "wait") and speed == 0.0)
    page.get_by_role("button", name="halt on the left foot").click()
    wait(page, lambda speed, mode, at: speed > 0.8)


def test_a_key_that_is_held_bends_more_and_more_and_halts_but_once(page):
    def hold(key):
        """As a keyboard that repeats it five times, however slowly the page is drawn."""
        page.evaluate(
            """key => { for (let n = 0; n < 6; n++) document.documentElement.dispatchEvent(
                new KeyboardEvent("keydown", {key: key, code: key, bubbles: true, repeat: n > 0})); }""",
            key,
        )

    def bend():
        found = re.search(r"bend ([+-]\d\.\d)", page.inner_text("body"))
        return 0.0 if found is None else float(found[1])

    end = time.monotonic() + PATIENCE
    while bend() == 0.0 and time.monotonic() < end:  # keys count once the page is all there
        hold("ArrowLeft")
        time.sleep(3.0)
    assert bend() == 0.5
    hold("ArrowRight")
    wait(page, lambda speed, mode, at: bend() == 0.0)
    time.sleep(1.0)
    hold("p")
    wait(page, lambda speed, mode, at: is_paused(page))
    time.sleep(1.0)
    assert is_paused(page)
    before = told(page)
    page.keyboard.press("p")
    wait(page, lambda speed, mode, at: at > before[2])


def test_paused_it_stands_still(page):
    time.sleep(1.0)  # or this press would be the last test's, still held
    page.keyboard.press("p")
    wait(page, lambda speed, mode, at: is_paused(page))
    before = told(page)
    time.sleep(3.0)
    assert told(page) == before
    assert is_paused(page)
    page.keyboard.press("p")
    wait(page, lambda speed, mode, at: at > before[2])
