"""Responses to any draft, and its effects: chances, reasons, turning points, utilities, drafts from a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments import plots
from experiments.analysis.deal.deal_effects import PARTS, present_values, with_and_without
from experiments.analysis.deal.draft_responses import draft_responses, reasons, turning_points
from experiments.analysis.deal.user_draft_table import read_drafts
from experiments.errors import InputError
from model import GeopoliticalEconomy, Parameters, preset
from model.record.variables import DECIDING
from model.talks.recorded_drafts import draft

FEBRUARY, APRIL = (preset("documented", **draft(date)) for date in ("2025-02-12", "2025-04-30"))


@pytest.fixture(scope="module")
def effects() -> xr.Dataset:
    """Two drafts, with and without."""
    return with_and_without({"February": FEBRUARY, "April": APRIL}, worlds=WORLDS, months=120)


@pytest.fixture(scope="module")
def responses() -> pd.DataFrame:
    """The same two drafts, and a strong guarantee, answered."""
    strong = APRIL.replace(guarantee_strength=0.9)
    return draft_responses({"February": FEBRUARY, "April": APRIL, "strong": strong}, worlds=600)


WORLDS = 400
IMPOSED = {"talks": "imposed", "talks_start": 0, "support_at_stake": 0}

# Effects


def test_parts_are_weighed_into_utility_and_agree_with_the_models_own_welfare(effects: xr.Dataset) -> None:
    weight = xr.DataArray([getattr(APRIL, f"{country}_security_weight") for country in DECIDING], dims="country")
    for name in ("with_deal", "without", "change"):
        money, security, politics, utility = (effects[name].sel(part=part) for part in PARTS)
        weighed = (1 - weight) * (money + politics) + weight * security
        np.testing.assert_allclose(weighed.transpose(*utility.dims), utility, atol=1e-9)
    model = GeopoliticalEconomy(APRIL.replace(talks="imposed"), worlds=WORLDS, months=120, record="outcomes", rng=0)
    model.simulate()
    for country in DECIDING:
        own = float(effects["with_deal"].sel(draft="April", country=country, part="utility"))
        assert own == pytest.approx(float(model.outcomes()[f"welfare_{country}"].mean()), rel=1e-5)


def test_utility_without_is_the_same_whatever_was_not_signed(effects: xr.Dataset) -> None:
    without = effects["without"]
    np.testing.assert_array_equal(without.sel(draft="February"), without.sel(draft="April"))


def test_the_change_is_by_common_random_numbers(effects: xr.Dataset) -> None:
    """The paired error is smaller than that of two runs with draws of their own."""
    having, lacking = (present_values(APRIL.replace(talks=mode), WORLDS, 120, 0) for mode in ("imposed", "none"))
    change = having - lacking
    np.testing.assert_allclose(change.mean(axis=-1), effects["change"].sel(draft="April"), atol=1e-12)
    found = effects.sel(draft="April", part="utility")
    apart = np.hypot(found["with_deal_error"], found["without_error"])
    np.testing.assert_allclose(found["without_error"], lacking[:, -1].std(axis=-1, ddof=1) / np.sqrt(WORLDS))
    assert (found["change_error"] < apart).all()


def test_a_deal_that_is_refused_does_worse_than_one_that_is_signed(effects: xr.Dataset) -> None:
    """What Ukraine says beforehand and what it then gets agree in sign for February and April."""
    own = effects.sel(country="ukraine", part="utility")
    change, error = own["change"].values, own["change_error"].values
    assert change[0] < -3 * error[0]
    assert change[1] > 3 * error[1]


def test_a_deal_about_nothing_changes_only_what_a_signature_does() -> None:
    """No term, no support that hinges on it: Ukraine is as well off as without, and Russia as safe."""
    empty = preset("documented", ownership_share=0, support_at_stake=0, deposit_chance=0)
    found = with_and_without({"empty": empty}, worlds=40, months=60)
    assert np.abs(found["change"].sel(country="ukraine")).max() == 0
    assert float(found["change"].sel(draft="empty", country="russia", part="security")) == 0
    # China alone takes note: a signature moves its tension with the United States.
    assert np.abs(found["change"].sel(country="china", part="utility")).max() < 0.001


def test_effects_need_a_draft_and_two_worlds() -> None:
    for drafts, worlds in (({}, 5), ({"one": APRIL}, 1)):
        with pytest.raises(InputError, match="needs a draft and two worlds"):
            with_and_without(drafts, worlds=worlds)


# What comes is what was weighed


def test_political_cost_adds_up_to_its_present_value() -> None:
    """A cost of C, borne as rC a year while the deal is in force, comes to C (1 - e^{-rT}) over T years."""
    months, rate = 120, 0.1
    names = ("sovereignty_per_ownership", "sovereignty_per_aid")
    costly, free = (
        preset("documented", **(IMPOSED | draft("2025-02-12") | changes)) for changes in ({}, dict.fromkeys(names, 0.0))
    )
    difference = (present_values(costly, 4, months, 0) - present_values(free, 4, months, 0))[1]
    model = GeopoliticalEconomy(costly, worlds=1, rng=0)
    cost = float(model.ukraine.political_cost(model.snapshot().table.terms)[0])
    np.testing.assert_allclose(difference[2], -cost * (1 - np.exp(-rate * months / 12)), rtol=0.01)
    np.testing.assert_array_equal(difference[:2], 0.0)


def test_profit_of_mining_is_counted_once() -> None:
    """Positive profit is in what Ukraine keeps, so the account adds losses only."""
    model = GeopoliticalEconomy(preset("as_reported"), worlds=3, months=2, rng=0)
    model.step()
    now, row = model.snapshot(), model.ukraine.row
    assert (now.market.profit[row] > 0).all()
    kept = now.agreement.kept_by_ukraine
    np.testing.assert_allclose(now.accounts[row].money, 100 * kept / model.ukraine.gdp, rtol=1e-12)


# Responses


def test_chances_are_means_over_types_inside_their_interval(responses: pd.DataFrame) -> None:
    for country in ("ukraine", "united_states"):
        low, mean, high = (responses[f"{country}_{name}"] for name in ("low", "signs", "high"))
        assert ((low >= 0) & (low < high) & (high <= 1)).all()
        assert ((mean >= 0) & (mean <= 1)).all()
    assert responses["ukraine_signs"]["February"] < 0.05 < 0.8 < responses["ukraine_signs"]["April"]


def test_the_chance_is_the_share_that_signs_in_a_run(responses: pd.DataFrame) -> None:
    model = GeopoliticalEconomy(APRIL, worlds=4000, months=2, rng=3, record="outcomes")
    model.simulate()
    signs = model.outcomes()
    for country in ("ukraine", "united_states"):
        chance = responses[f"{country}_signs"]["April"]
        assert abs(signs[f"{country}_accepts"].mean() - chance) < 3 * np.sqrt(0.25 / 4000 + 0.25 / 600)
    assert abs(signs["ratified"].mean() - responses["in_force"]["April"]) < 3 * np.sqrt(0.25 / 4000 + 0.25 / 600)


def test_congress_votes_on_strong_guarantees_only(responses: pd.DataFrame) -> None:
    assert np.isnan(responses["congress"]["April"])
    assert responses["congress"]["strong"] == APRIL.congress_support
    assert responses["in_force"]["strong"] <= APRIL.congress_support


def test_the_turning_point_turns_the_answer(responses: pd.DataFrame) -> None:
    for country in ("ukraine", "united_states"):
        turn = responses[f"{country}_turn"]["April"]
        at = reasons(APRIL.replace(**{turn["term"]: turn["needed"]}))
        assert float(at["gain"].sel(signatory=country)) == pytest.approx(0.0, abs=0.02)
        other = "united_states" if country == "ukraine" else "ukraine"
        assert float(at["gain"].sel(signatory=other)) == pytest.approx(turn["other_gain"], abs=0.02)


def test_no_drafts_no_responses() -> None:
    with pytest.raises(InputError, match="no drafts"):
        draft_responses({})


# Drafts from a file


def test_drafts_of_a_file_are_terms_over_the_base(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("\ufefflabel,ownership_share, guarantee_strength,note\nhard,1,0,x\nsoft,,0.4,\n\n", "utf-8")
    found = read_drafts(file, APRIL)
    assert list(found) == ["hard", "soft"]
    assert found["hard"] == APRIL.replace(ownership_share=1, guarantee_strength=0)
    assert found["soft"] == APRIL.replace(guarantee_strength=0.4)


BAD_FILES = {
    "no draft": ("ownership_share\n", "the table has no rows"),
    "no term": ("label,note\na,b\n", "no column is a term"),
    "misspelt": ("label,ownershp_share\na,1\n", "did you mean 'ownership_share'?"),
    "not a term": ("tripwire\nH2\n", "unknown column 'tripwire'"),
    "twice": ("ownership_share,ownership_share\n1,1\n", "two columns 'ownership_share'"),
    "out of range": (
        "label,ownership_share\nhalf,0.5\nmuch,1.5\n",
        "line 3, much: ownership_share=1.5: allowed 0 to 1",
    ),
    "not finite": ("ownership_share\ninf\n", "line 2: ownership_share 'inf': needs a number"),
    "a word": ("ownership_share\nhalf\n", "line 2: ownership_share 'half': needs a number"),
    "short row": ("ownership_share,future_aid\n1\n", "line 2: 2 columns, but 1 cell"),
    "long row": ("ownership_share,future_aid\n1,2,3\n", "line 2: 2 columns, but 3 cells"),
    "same name": ("label,ownership_share\na,1\na,0\n", "line 3: there is another draft called 'a'"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused_in_one_line(name: str, tmp_path: Path) -> None:
    content, words = BAD_FILES[name]
    file = tmp_path / "bad.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_drafts(file, Parameters())
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_drafts_are_named_by_label_id_or_row() -> None:
    table = {"label": ["a", "", ""], "id": ["x", "b", ""], "future_aid": [0.0, 1.0, np.nan]}
    drafts = read_drafts(table, APRIL)
    assert list(drafts) == ["a", "b", "draft 3"] and drafts["draft 3"] == APRIL


# Pictures


def test_the_bars_are_the_changes_and_the_mark_is_utility(effects: xr.Dataset) -> None:
    ax = plots.change_bars(effects, "ukraine")
    own = effects["change"].sel(country="ukraine")
    widths = [patch.get_width() for patch in ax.patches]
    np.testing.assert_allclose(widths, np.concatenate([own.sel(part=part).values for part in PARTS[:3]]))
    marks = next(line for line in ax.lines if line.get_marker() == "D")
    np.testing.assert_allclose(marks.get_xdata(), own.sel(part="utility").values)
    assert "its own GDP" in ax.get_xlabel()
    dollars = [text.get_text() for text in ax.texts]
    gain = float(own.sel(draft="February", part="money")) / 100 * 196
    assert len(dollars) == 6 and dollars[0] == f"{gain:+,.2f} bn"


def test_the_figure_of_the_countries_has_both_sides_of_each(effects: xr.Dataset) -> None:
    axes = plots.country_figure(effects)
    assert axes.shape == (2, 4)
    assert [tick.get_text() for tick in axes[0, 0].get_yticklabels()] == ["no deal", "February", "April"]
    for column, country in enumerate(DECIDING):
        own = effects.sel(country=country)
        shown = [patch.get_width() for patch in axes[0, column].patches]
        expected = [[own["without"].sel(part=part)[0], *own["with_deal"].sel(part=part)] for part in PARTS[:3]]
        np.testing.assert_allclose(shown, np.ravel(expected))
    lines = axes[1, 1].collections[0].get_segments()
    middle, error = (
        float(effects[name].sel(country="ukraine", part="money")[0]) for name in ("change", "change_error")
    )
    np.testing.assert_allclose(lines[0][:, 0], [middle - 1.96 * error, middle + 1.96 * error], rtol=1e-4)


def test_the_figure_of_several_drafts_names_all(effects: xr.Dataset, responses: pd.DataFrame) -> None:
    axes = plots.deal_effects_figure(responses.loc[["February", "April"]], effects)
    assert len(axes) == 5
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["February", "April"]
    points = axes[0].lines[0].get_xdata()
    np.testing.assert_allclose(points, responses["ukraine_signs"][["February", "April"]])


def test_the_figure_of_one_draft_has_a_row_of_effects(effects: xr.Dataset) -> None:
    axes = plots.reasons_figure({"April": reasons(APRIL)}, turning_points(APRIL), effects.sel(draft=["April"]))
    assert len(axes) == 3 + 4
    assert [ax.get_title(loc="left").splitlines()[0] for ax in axes[3:]] == [
        "United States",
        "Ukraine",
        "Russia",
        "China",
    ]
