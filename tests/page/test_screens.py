"""How the page looks on a laptop and on a phone, where no number of the model stands, against stored pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from tests.page.conftest import SMALL

pytestmark = pytest.mark.long

Visit = Callable[..., Any]
STORED = Path(__file__).parent / "screens"
SIZES = {"laptop": (1280, 800), "phone": (390, 844)}
PARTS = {"laptop": (0, 0, 388, 640), "phone": (0, 0, 388, 780)}
"""Left, top, width and height of what is compared: words and controls."""
COARSE = 4
"""Points of the screen that become one, so that the edges of letters count for little."""
MOST = 6.0
"""Mean difference of grey values (0-255) that is still the same picture; other fonts stay below."""


def seen(page: Any, size: str) -> Any:
    """What is compared of a screen, coarse and grey."""
    left, top, width, height = PARTS[size]
    clip = {"x": left, "y": top, "width": width, "height": height}
    page.add_style_tag(content="* { transition: none !important; caret-color: transparent !important; }")
    colours = matplotlib.image.imread(io.BytesIO(page.screenshot(clip=clip, animations="disabled")))[..., :3]
    grey = 255 * colours.mean(axis=-1)
    return grey.reshape(height // COARSE, COARSE, width // COARSE, COARSE).mean(axis=(1, 3))


def difference(one: Any, other: Any) -> float:
    """Mean difference of grey values, infinite for pictures of different sizes."""
    return float(np.abs(one - other).mean()) if one.shape == other.shape else float("inf")


@pytest.mark.parametrize("size", list(SIZES))
def test_the_page_looks_as_it_did(visit: Visit, size: str, tmp_path: Path) -> None:
    width, height = SIZES[size]
    now = seen(visit(SMALL, width=width, height=height), size)
    new, old = tmp_path / f"{size}.png", STORED / f"{size}.png"
    matplotlib.image.imsave(new, now, cmap="gray", vmin=0, vmax=255)
    assert old.exists(), f"no stored picture; if {new} is right, copy it to {old}"
    before = 255 * matplotlib.image.imread(old)[..., :3].mean(axis=-1)
    assert difference(now, before) < MOST, f"another picture; if {new} is right, copy it over {old}"


def test_a_change_would_be_noticed(visit: Visit) -> None:
    before = 255 * matplotlib.image.imread(STORED / "phone.png")[..., :3].mean(axis=-1)
    width, height = SIZES["phone"]
    page = visit(f"{SMALL}&compare=yes", width=width, height=height, settled=False)
    page.get_by_role("combobox", name="Text of deal B").wait_for()
    assert difference(seen(page, "phone"), before) > MOST
