"""Which command gives which result: the names that marks in Markdown may use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docs.reproduce.results import Printed, Result, Source


def worths(printed: Printed) -> dict[str, Result]:
    """What each part of the bargain is worth, what reverses the order of two, and where both gain."""
    said = printed.json
    worth = {row["what"]: row["worth"] for row in said["worths"]}
    turn = {row["assumption"]: float(row["reversed"].split()[-1]) for row in said["reversals"]}
    zone = {row["assumption"]: row for row in said["zone"]}
    return {
        "guarantee_ukraine": worth["a guarantee of 0.7, in force at once"],
        "guarantee_united_states": worth["the same: upkeep, risk of war, its word"],
        "support": worth["US support that hinges on signing"],
        "signature": worth["a signed deal in itself (politics)"],
        "resources_today": worth["all resource revenue of today"],
        "resources": worth["all resource revenue, with every new licence"],
        "stake": worth["the US stake in April's agreement"],
        "rare_earths": worth["rare earths, as documented"],
        "rare_earths_as_reported": worth["rare earths, as reported (5 % of the world)"],
        "full_intervention_turn": turn["full_intervention"],
        "reversals": len(said["reversals"]),
        "assumptions": said["tried"],
        "zone": 100 * said["zone"][0]["zone_now"],
        "zone_settlement_none": 100 * zone["settlement_value"]["zone_low"],
        "zone_settlement_high": 100 * zone["settlement_value"]["zone_high"],
    }


def coupling(printed: Printed) -> dict[str, Result]:
    """What chosen changes do to the worth of a deal, and the picture of what moves what."""
    rows = {row["change"]: row for row in printed.json["levers"]}
    february = {change: float(row["February UA"].split()[0]) for change, row in rows.items()}
    moved = abs(february["rare-earth prices doubled"] - february["as documented"])
    return {"february_prices_doubled": moved, "picture": printed.folder / "coupling.png"}


def levels(printed: Printed) -> dict[str, Result]:
    """Levels of war and peace, solved: renewed war and what guarantees cut of it, in percent."""
    got = {(row["group"], row["level"]): row["got"] for row in printed.json["levels"]}
    at_once = "renewed war within ten years, guarantee built at once"
    european = "renewed war within ten years, cut by a European guarantee"
    slow = next(value for (_, level), value in got.items() if "build-up 1 times rearming" in level)
    return {
        "renewed": 100 * got["nothing promised", "war renewed within ten years"],
        "hazard": got["nothing promised", "mean hazard over ten years of ceasefire"],
        "cut_by_full": 100 * got[at_once, "cut by a guarantee of 1"],
        "cut_by_strong": 100 * got[at_once, "cut by a guarantee of 0.7"],
        "cut_by_weak": 100 * got[at_once, "cut by a guarantee of 0.1"],
        "lost_to_slow": 100 * slow,
        "european_at_once": 100 * got[european, "strength 0.7, at once"],
        "european_slow": 100 * got[european, "strength 0.7, built in 120 months"],
        "war_years": got["length of war", "years until a ceasefire, nothing promised"],
    }


def windows(printed: Printed) -> dict[str, Result]:
    """How much likelier than with nothing promised attacks are while a guarantee is unbuilt, at most, in percent."""
    attacks = [row["attack"] for row in printed.json if row["attack"] is not None]
    return {"likelier": 100 * (max(attacks) - 1)}


def _passed(words: str) -> dict[str, Result]:
    """Lines of a pass matrix: how many were used in tuning or held out, and how many of them pass."""
    said = re.search(r"used in tuning: (\d+) of (\d+) pass; held out: (\d+) of (\d+) pass", words)
    names = ("tuned_passed", "tuned", "held_out_passed", "held_out")
    return dict(zip(names, map(int, said.groups()), strict=True)) if said else {}


def market(printed: Printed) -> dict[str, Result]:
    """The market beside the record: lines passed, entrants that fail, and the picture of the quota crisis."""
    words = printed.words
    unaided = re.search(r"of the (\d+) held-out lines that no table or script puts in, (\d+) pass", words)
    table = words[words.index("entrant country fails") :]
    fails = {name: re.search(rf"{name} \(\w+\) \w+ ([\d.]+)", table) for name in ("Mountain Pass", "Mount Weld")}
    if not unaided or not all(fails.values()):
        raise ValueError("held-out lines or entrants")
    share = {name: float(said[1]) for name, said in fails.items() if said}
    return _passed(words) | {
        "unaided": int(unaided[1]),
        "unaided_passed": int(unaided[2]),
        "tuned_put_in": len(re.findall(r"\(C\): (?:(?!\([CH]\)).)*?pass, put in", words)),
        "mountain_pass_fails": 100 * share["Mountain Pass"],
        "mount_weld_survives": 100 - 100 * share["Mount Weld"],
        "picture": printed.folder / "prices-quota_crisis_2010.png",
    }


def talks(printed: Printed) -> dict[str, Result]:
    """The drafts of 2025 beside the record: how many are answered as they were, and lines passed."""
    words = printed.words
    guarantee = _first(r"modal guarantee (?:MISS|pass): ([\d.]+)", words)
    agreed = _first(r"draft: 2025-02-24 .*?acceptance: ([-\d.e]+)", words)
    answered = re.findall(r"as_happened: (yes|no)", words)
    counts = {"drafts": len(answered), "as_happened": answered.count("yes")}
    return _passed(words) | counts | {"guarantee": float(guarantee)} | {"agreed_text": 100 * float(agreed)}


def demo(printed: Printed) -> dict[str, Result]:
    """The main question: its lines, numbers in them, and its pictures."""
    lines = printed.text.partition("\n\n")[0]
    words = " ".join(lines.split())
    patterns = {
        "february_worth": r"5\. Why.*?all together ([-+][\d.]+); the United States",
        "april_ukraine": r"3\. The agreement.*?Ukraine would sign in ([\d.]+) %",
        "april_in_force": r"comes into force in ([\d.]+) %",
        "zone": r"7\. On the map.*?on ([\d.]+) % of its area",
        "zone_hypothesis_low": r"hypotheses of what a US stake does, from ([\d.]+) %",
        "zone_hypothesis_high": r"hypotheses of what a US stake does, from [\d.]+ % \(H\d\) to ([\d.]+) %",
        "renewed_april": r"first ceasefire in ([\d.]+) %",
        "renewed_guarantee": r"against ([\d.]+) % .* under a guarantee of 0\.7",
    }
    pictures = ("map", "fan", "reasons", "hypotheses", "trade", "prices", "sensitivity")
    return (
        {"lines": lines}
        | {name: float(_first(pattern, words)) for name, pattern in patterns.items()}
        | {name: printed.folder / f"demo-{name}.png" for name in pictures}
    )


def _first(pattern: str, words: str) -> str:
    said = re.search(pattern, words)
    if not said:
        raise ValueError(pattern)
    return said[1]


def defaults(printed: Printed) -> dict[str, Any]:
    """Every parameter's default, by name."""
    return {row["name"]: row["default"] for row in printed.json}


SOURCES: Mapping[str, Source] = {
    "defaults": Source("subsoil info parameters --json", defaults),
    "worths": Source("subsoil worths --json", worths),
    "levels": Source("subsoil levels --json", levels),
    "windows": Source("subsoil windows --json", windows),
    "talks": Source("subsoil validate talks", talks),
    "market": Source("subsoil validate market --out FOLDER", market),
    "demo": Source("subsoil demo --out FOLDER", demo),
    "coupling": Source("subsoil coupling --json --out FOLDER/coupling.png", coupling),
}
"""Commands by the name that a mark begins with, quick ones first."""
