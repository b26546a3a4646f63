"""What a screen reader is told of a page, as Chromium computes it."""

from __future__ import annotations

from typing import Any, NamedTuple

NEED_NAMES = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "image", "img", "link", "listbox", "option",
    "progressbar", "ProgressIndicator", "radio", "slider", "spinbutton", "switch", "tab", "textbox",
}  # fmt: skip
"""Roles that mean nothing without a name."""


class Node(NamedTuple):
    """A thing on the page: what it is and how it is called."""

    role: str
    name: str


def nodes(page: Any) -> list[Node]:
    """All that a screen reader can come upon."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    seen = [each for each in tree if not each.get("ignored")]
    return [Node(*(str(each.get(part, {}).get("value", "")) for part in ("role", "name"))) for each in seen]


def nameless(page: Any) -> list[Node]:
    """Controls, links and pictures without a name."""
    return [each for each in nodes(page) if each.role in NEED_NAMES and not each.name.strip("\u200b \n")]
