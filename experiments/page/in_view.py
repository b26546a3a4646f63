"""Whether a part of the page is on the visitor's screen, said by their browser: what is seen is computed first."""

from __future__ import annotations

from typing import Any

import param
from panel.custom import JSComponent

SCRIPT = """
export function render({model, el}) {
  const column = el.getRootNode().host.getRootNode().host;
  new IntersectionObserver(seen => { model.seen = seen.at(-1).isIntersecting; }).observe(column);
}
"""


class InView(JSComponent):
    """Nothing to see: `seen` follows whether any of the column that it stands in is on the screen."""

    seen: Any = param.Boolean(default=True)
    _esm = SCRIPT


def in_view() -> Any:
    """A new one, which takes no room."""
    new: Any = InView
    return new(width=0, height=0, margin=0)
