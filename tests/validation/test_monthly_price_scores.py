"""Monthly scores: no skill on random walks, skill where changes persist, and refusal of what is too short or gappy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments import plots
from experiments.errors import InputError
from experiments.validation import monthly_price_scores as monthly
from experiments.validation.forecast_scores import diebold_mariano
from experiments.validation.market_replay import CRISIS, replayed
from experiments.validation.user_prices import Price, read_prices
from model.array_axes import Floats
from tests.plots.test_plots import words_in

WORLDS = 40
PERSISTENT = dict.fromkeys(monthly.FEWEST, np.array([0.44, 0.0]))
"""Coefficients of a model whose changes go on by .44, at any horizon."""


def prices(
    logs: Iterable[float], first: str = "2017-01", left_out: Iterable[int] = (), market: str = ""
) -> list[Price]:
    """Monthly prices of neodymium as a user would bring them, without some months."""
    months = pd.period_range(first, periods=len(list(logs)), freq="M")
    rows = [
        (str(month), np.exp(log))
        for at, (month, log) in enumerate(zip(months, logs, strict=True))
        if at not in left_out
    ]
    dates, values = zip(*rows, strict=True)
    table = {"date": dates, "element": ["Nd"] * len(rows), "value": values, "market": [market] * len(rows)}
    return list(read_prices(pd.DataFrame(table)).prices)


def walk(rng: np.random.Generator, months: int = 120, persistence: float = 0.0) -> Floats:
    """Log prices whose changes are AR(1), around 60 USD/kg."""
    changes = np.zeros(months)
    for at, shock in enumerate(rng.normal(0.0, 0.03, months)):
        changes[at] = persistence * changes[at - 1] + shock
    return np.log(60.0) + np.cumsum(changes) - changes.sum() / 2


def series(logs: Floats) -> monthly.MonthlySeries:
    return monthly.MonthlySeries("Nd abroad (average)", "magnet", "abroad", pd.Period("2017-01"), logs, len(logs))


def claims(logs: Floats, coefficients: dict[int, Floats] = PERSISTENT) -> set[int]:
    """Horizons at which the model is said to have skill, against both random walks."""
    table = pd.DataFrame(monthly.series_scores(series(logs), coefficients))
    skilled = (table["result"] == "skill").groupby(table["months_ahead"]).all()
    return set(skilled.index[skilled])


def test_diebold_mariano_is_that_of_others() -> None:
    """Figures of the package dieboldmariano 1.1.0 (one-sided, Harvey's correction) for the same errors."""
    actual = np.array([3.0, 2.0, 5.0, 4.0, 6.0, 3.0, 7.0, 5.0, 8.0, 6.0, 9.0, 7.0])
    ours = (np.array([2.5, 2.4, 4.1, 4.6, 5.2, 3.9, 6.1, 5.3, 7.2, 6.8, 8.3, 7.1]) - actual) ** 2
    theirs = (np.array([3.9, 2.9, 3.7, 3.1, 4.5, 4.6, 5.2, 6.9, 6.1, 7.7, 7.2, 8.6]) - actual) ** 2
    others = {
        1: (-6.206086123226848, 3.329352805020634e-05),
        2: (-3.6190460720187847, 0.0020165948913398795),
        3: (-2.7836780417893046, 0.008893261033563207),
    }
    for horizon, expected in others.items():
        assert diebold_mariano(ours, theirs, horizon) == pytest.approx(expected, rel=1e-9)
    plain = stats.ttest_1samp(ours - theirs, 0.0, alternative="less")
    assert diebold_mariano(ours, theirs, 1) == pytest.approx((plain.statistic, plain.pvalue))


def test_equal_forecasts_are_not_judged() -> None:
    assert np.isnan(diebold_mariano(np.ones(30), np.ones(30), 3)).all()
    table = pd.DataFrame(monthly.series_scores(series(np.full(100, 4.0)), PERSISTENT))
    assert set(table["result"]) == {"no skill"} and table["skill"].isna().all()
    assert "no skill" in words_in(plots.forecast_errors(table))


@pytest.mark.parametrize("ahead", monthly.FEWEST)
def test_forecasts_of_equal_worth_are_told_apart_no_more_often_than_stated(ahead: int) -> None:
    """A random walk whose last change is added and taken off: both err alike, in the shortest series allowed."""
    rng, told_apart = np.random.default_rng(ahead), 0
    for _ in range(1000):
        logs = walk(rng, monthly.NEEDED[ahead])
        last, coming = monthly.recent_changes(logs, ahead)[:, 0], monthly.coming_changes(logs, ahead)
        assert len(coming) == monthly.FEWEST[ahead]
        told_apart += (
            diebold_mariano((coming - last / 4) ** 2, (coming + last / 4) ** 2, ahead)[1] < monthly.SIGNIFICANCE
        )
    assert told_apart / 1000 < monthly.SIGNIFICANCE + 3 * np.sqrt(0.05 * 0.95 / 1000)


def test_random_walks_show_no_skill() -> None:
    rng = np.random.default_rng(5)
    claimed = [claims(walk(rng)) for _ in range(200)]
    for ahead in monthly.FEWEST:
        assert np.mean([ahead in horizons for horizons in claimed]) < monthly.SIGNIFICANCE


def test_monthly_means_of_a_random_walk_show_no_skill() -> None:
    """Their last change goes on by a quarter, which is no skill of a model."""
    rng = np.random.default_rng(6)
    means = [np.cumsum(rng.normal(0.0, 0.01, 120 * 21)).reshape(120, 21).mean(axis=1) for _ in range(200)]
    quarter = dict.fromkeys(monthly.FEWEST, np.array([0.3, 0.0]))
    assert np.mean([1 in claims(logs, quarter) for logs in means]) < monthly.SIGNIFICANCE


def test_changes_that_persist_show_skill_at_one_month() -> None:
    rng = np.random.default_rng(7)
    assert np.mean([1 in claims(walk(rng, 240, 0.6)) for _ in range(100)]) > 0.8
    table = pd.DataFrame(monthly.series_scores(series(walk(rng, 120, 0.6)), PERSISTENT))
    plain = table.query("months_ahead == 1 and rival == 'random walk'").iloc[0]
    assert plain["result"] == "skill" and plain["p"] < 0.05 and 0.1 < plain["skill"] < 0.6


def test_coefficients_are_what_the_worlds_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds of persistent changes around a common path give back their persistence and nothing for the year."""
    rng = np.random.default_rng(8)
    paths = np.stack([walk(rng, 200, 0.5) for _ in range(100)], axis=1) + np.linspace(0.0, 3.0, 200)[:, None]
    replay = replayed(CRISIS, WORLDS, 0)
    known = type(replay)(replay.start, {"price_magnet": np.exp(paths)})
    monkeypatch.setattr(monthly, "replayed", lambda *_: known)
    last, year = monthly.change_coefficients("magnet", "abroad")[1]
    assert (last, year) == pytest.approx((0.5, 0.0), abs=0.02)
    assert monthly.change_coefficients("magnet", "abroad")[3][0] == pytest.approx(0.5 + 0.25 + 0.125, abs=0.04)


def test_series_of_any_years_are_scored_with_their_market() -> None:
    logs = walk(np.random.default_rng(9), 90)
    both = [*prices(logs, "2017-01", market="china"), *prices(logs, "2017-01", market="abroad")]
    table, notes = monthly.monthly_scores(both, WORLDS)
    assert table["series"].unique().tolist() == ["Nd in China (average)", "Nd abroad (average)"]
    assert table["forecasts"].unique().tolist() == [77, 75, 66] and len(table) == 12
    said = "\n".join(notes)
    assert "Nd in China (average), 2017-01 to 2024-06: " in said and "no skill at 12 months" in said
    assert "tuned" not in said and "not scored" not in said


def test_months_that_tuning_has_seen_are_counted() -> None:
    _, notes = monthly.monthly_scores(prices(walk(np.random.default_rng(9), 60), "2014-01"), WORLDS)
    assert any("36 of its months lie in 2008 to 2016, on whose record the model was tuned" in note for note in notes)


def test_short_and_gappy_series_are_refused_with_what_they_need() -> None:
    logs = walk(np.random.default_rng(10), 100)
    table, notes = monthly.monthly_scores(prices(logs[:36]), WORLDS)
    assert table.empty and notes == [
        "Nd abroad (average) is not scored at 1 month, 3 months and 12 months: needs 37, 39 and 84 months "
        "without a gap, it has 36 (2017-01 to 2019-12)"
    ]
    table, notes = monthly.monthly_scores(prices(logs, left_out=range(30, 100, 30)), WORLDS)
    assert table.empty and notes[0].endswith(
        "needs 37, 39 and 84 months without a gap, the longest part has 30 (2017-01 to 2019-06)"
    )


def test_the_longest_part_without_a_gap_is_scored() -> None:
    logs = walk(np.random.default_rng(11), 100)
    table, notes = monthly.monthly_scores(prices(logs, left_out=[40]), WORLDS)
    assert table["months_ahead"].unique().tolist() == [1, 3]
    assert "Nd abroad (average): 40 months before or after a gap left out" in notes
    (kept,) = monthly.monthly_series(prices(logs, left_out=[40]))
    assert kept.span == "2020-06 to 2025-04" and kept.logs == pytest.approx(logs[41:])


def test_days_are_averaged_and_years_and_quarters_left_out() -> None:
    rows = {"date": ["2019-05-02", "2019-05-20", "2019-06-03", "2019", "2019-Q2"], "element": ["Nd"] * 5}
    brought = read_prices(pd.DataFrame(rows | {"value": [50.0, 60.0, 70.0, 99.0, 99.0]}))
    (daily,) = monthly.monthly_series(brought.prices)
    assert daily.name == "Nd abroad (spot)" and np.exp(daily.logs) == pytest.approx([55.0, 70.0])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["2019-05,Nd,50", "2019-05,Nd,51"],
            "2019-05 is given again for Nd abroad, outside the replays, but 51 USD/kg",
        ),
        (["2019-05,Nd,50", "2019-06,Nd,0"], "line 3: value 0: needs a price above 0"),
        (["2019-05,Nd,50", "2019-06,Nd,-4"], "line 3: value -4: needs a price above 0"),
        (["2019-05,Nd,50000"], "5e+04 USD/kg of Nd is far from all on record there"),
    ],
)
def test_bad_months_are_refused(rows: list[str], expected: str, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("\n".join(["date,element,value", *rows]), encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.csv") as refused:
        read_prices(file)
    assert expected in str(refused.value)


def test_missing_months_make_a_gap_and_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("date,element,value\n2019-05,Nd,50\n2019-06,Nd,\n2019-07,Nd,52\n2019-08,Nd,53\n", encoding="utf-8")
    brought = read_prices(file)
    (kept,) = monthly.monthly_series(brought.prices)
    assert (kept.span, kept.given) == ("2019-07 to 2019-08", 3)
    assert "1 row without value left out (line 3)" in brought.notes


def test_the_picture_has_a_mark_for_each_comparison() -> None:
    rng = np.random.default_rng(12)
    table = pd.DataFrame(monthly.series_scores(series(walk(rng, 120, 0.6)), PERSISTENT))
    ax = plots.forecast_errors(table)
    marks = [line for line in ax.get_lines() if line.get_marker() in ("o", "s")]
    ratios = table["rmse_model"] / table["rmse_rival"]
    assert [line.get_xdata()[0] for line in marks] == pytest.approx(ratios.tolist())
    hollow = [line.get_markerfacecolor() == "white" for line in marks]
    assert hollow == (table["result"] == "no skill").tolist() and not all(hollow)
    assert ax.get_yticklabels()[0].get_text() == "Nd abroad (average), 1 month ahead"
