"""Tables that users bring: what is clear is read, what can mean two things is refused with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.errors import InputError
from experiments.user_table_cells import read_date
from experiments.user_tables import Column, UserTable, read_table

NUMBER, LABEL, DATE = Column("number"), Column("label"), Column("date")
DESIGN = {
    "ownership_share": NUMBER,
    "guarantee_strength": NUMBER,
    "tripwire": LABEL,
    "policy": LABEL,
    "scenario": LABEL,
}
PRICES = {
    "date": Column("date", required=True), "element": LABEL,
    "value": Column("number", required=True, missing="drop"), "market": Column("label", missing="keep"),
}  # fmt: skip


def read(folder: Path, content: str | bytes, columns: Any = DESIGN, **options: Any) -> UserTable:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, columns, **options)


def refusal(folder: Path, content: str | bytes, columns: Any = DESIGN) -> str:
    with pytest.raises(InputError) as refused:
        read(folder, content, columns)
    assert "\n" not in str(refused.value)
    return str(refused.value)


CLEAR = {
    "plain": "ownership_share,guarantee_strength\n0.5,0.25\n1,1e-1\n",
    "semicolons and decimal commas": "ownership_share;guarantee_strength\n0,5;0,25\n1;0,1\n",
    "semicolons and points": "ownership_share;guarantee_strength\n0.5;0.25\n1;0.1\n",
    "tabs": "ownership_share\tguarantee_strength\n0.5\t0.25\n1\t0.1\n",
    "tabs and decimal commas": "ownership_share\tguarantee_strength\n0,5\t0,25\n1\t0,1\n",
    "decimal commas in quotes": 'ownership_share,guarantee_strength\n"0,5","0,25"\n1,"0,1"\n',
    "case and blanks": " Ownership Share , GUARANTEE-STRENGTH\n 0.5 , 0.25\n1, .1\n",
    "a byte order mark": "\ufeffownership_share,guarantee_strength\n0.5,0.25\n1,0.1\n",
    "windows line ends": "ownership_share,guarantee_strength\r\n0.5,0.25\r\n1,0.1\r\n",
    "old macintosh line ends": "ownership_share,guarantee_strength\r0.5,0.25\r1,0.1\r",
    "comments and blank lines": "# mine\n\nownership_share,guarantee_strength\n# so, so\n0.5,0.25\n\n1,0.1\n",
    "padding": "ownership_share,guarantee_strength,,\n0.5,0.25,,\n,,,\n1,0.1,,\n,,,\n",
    "a separator line": "sep=;\nownership_share;guarantee_strength\n0,5;0,25\n1;0,1\n",
    "quotes around all": '"ownership_share","guarantee_strength"\n"0.5","0.25"\n"1","0.1"\n',
    "signs": "ownership_share,guarantee_strength\n+0.5,0.25\n1,+0.1\n",
    "an index without a name": ",ownership_share,guarantee_strength\n0,0.5,0.25\n1,1,0.1\n",
    "an index that pandas named": "Unnamed: 0,ownership_share,guarantee_strength\n0,0.5,0.25\n1,1,0.1\n",
}


@pytest.mark.parametrize("name", CLEAR)
def test_what_is_clear_is_read(name: str, tmp_path: Path) -> None:
    table = read(tmp_path, CLEAR[name])
    assert list(table.columns) == ["ownership_share", "guarantee_strength"]
    assert table["ownership_share"].tolist() == [0.5, 1.0] and table["guarantee_strength"].tolist() == [0.25, 0.1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_in_four_encodings(encoding: str, tmp_path: Path) -> None:
    table = read(tmp_path, "policy;ownership_share\nEntwurf März;0,5\n".encode(encoding))
    assert table["policy"].tolist() == ["Entwurf März"]
    assert bool(table.notes) == (encoding == "cp1252") and all("read as Windows-1252" in note for note in table.notes)


UNCLEAR = {
    "row too long": (b"ownership_share,guarantee_strength\n0.1,0.2,0.3\n", "line 2: 2 columns, but 3 cells"),
    "row too short": (b"ownership_share,guarantee_strength\n0.1,0.2\n0.4\n", "line 3: 2 columns, but 1 cell"),
    "thousands make a row too long": (b"policy,ownership_share\na,1,500.00\n", "Write 1500.5, put the cell in quotes"),
    "column twice": (b"policy,policy,ownership_share\na,b,1\n", "there are two columns 'policy'"),
    "column twice but for case": (b"policy,Policy\na,b\n", "there are two columns 'policy'"),
    "column without a name": (b"policy,,ownership_share\na,3,1\n", "column 2 has no name"),
    "unknown column": (b"ownershp_share\n1\n", "unknown column 'ownershp_share': did you mean 'ownership_share'?"),
    "other separator": (b"policy|ownership_share\na|1\n", "separated by a comma, a semicolon or a tab"),
    "comma is either": (b"ownership_share;policy\n1,500;a\n", "line 2: ownership_share '1,500' can be 1500 or 1.500"),
    "quoted comma is either": (b'ownership_share\n"1,500"\n', "can be 1500 or 1.500"),
    "point is either": (b"ownership_share;policy\n2.377;a\n", "line 2: ownership_share '2.377' can be 2377 or 2.377"),
    "marks disagree between columns": (
        b'ownership_share,guarantee_strength\n0.5,"0,5"\n',
        "line 2: ownership_share '0.5': needs a number",
    ),
    "a comma in a table of one column": (b"ownership_share\n0,5\n", "line 2: 1 column, but 2 cells"),
    "marks disagree": (b"ownership_share;policy\n0,5;a\n0.5;b\n", "line 3: '0.5' has another decimal mark than '0,5'"),
    "a word": (b"ownership_share\n1\nmuch\n", "line 3: ownership_share 'much': needs a number"),
    "per cent": (b"ownership_share\n50%\n", "'50%': needs a number"),
    "infinite": (b"ownership_share\ninf\n", "'inf': needs a number"),
    "underscore": (b"ownership_share\n1_000\n", "'1_000': needs a number"),
    "wrong groups": (b'ownership_share\n"1,50,000.5"\n', "'1,50,000.5': needs a number"),
    "nothing in a number": (b"ownership_share,policy\n0.5,a\n,b\n", "line 3: has no ownership_share"),
    "nothing in a label": (b"ownership_share,policy\n0.5,a\n1,\n", "line 3: has no policy"),
    "no rows": (b"ownership_share,policy\n", "the table has no rows"),
    "nothing": (b"", "the table has no rows"),
    "nul": (b"ownership_share\n1\n\0\n", "line 3: holds a NUL byte"),
    "utf-16 without its mark": ("ownership_share\n1\n".encode("utf-16-le"), "holds a NUL byte"),
    "no letters": (b"ownership_share\n1\n\x81\n", "neither UTF-8 nor Windows-1252"),
    "workbook": (b"PK\x03\x04", "is a workbook, no text: save it as CSV UTF-8"),
    "open quote": (b'policy,ownership_share\n"a,1\n', "line 2: is no table of separated values"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_unclear_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    content, words = UNCLEAR[name]
    assert words in refusal(tmp_path, content)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("0,5;1.500", [0.5, 1500.0]),
        ("0,5;1,500", [0.5, 1.5]),
        ("0.5;1,500", [0.5, 1500.0]),
        ("1.234,56;1.500", [1234.56, 1500.0]),
        ("1,234.56;1.500", [1234.56, 1.5]),
        ("1 500;2\u00a0000,5", [1500.0, 2000.5]),
        ("1'500;0.25", [1500.0, 0.25]),
        ("1.234.567;0,25", [1234567.0, 0.25]),
        ("\N{MINUS SIGN}0,5;1e3", [-0.5, 1000.0]),
    ],
)
def test_one_cell_says_what_the_marks_of_all_mean(written: str, numbers: list[float], tmp_path: Path) -> None:
    table = read(tmp_path, f"ownership_share;guarantee_strength\n{written}\n")
    assert [table["ownership_share"][0], table["guarantee_strength"][0]] == numbers


def test_whole_numbers_stay_whole_and_decimals_are_decimals(tmp_path: Path) -> None:
    table = read(tmp_path, "ownership_share,guarantee_strength\n1,0.3\n0,1\n")
    assert table["ownership_share"].dtype == np.int64 and table["guarantee_strength"].dtype == np.float64
    single = read_table({"ownership_share": np.array([0.3, 0.1], dtype=np.float32)}, DESIGN)
    assert single["ownership_share"].tolist() == [0.3, 0.1]


def test_labels_are_kept_as_written(tmp_path: Path) -> None:
    labels = ["None", "NA", "null", "001", "1e3", "1,5", "True", "nan", "-"]
    rows = "".join(f"{label};0.1\n" for label in labels)
    assert read(tmp_path, f"policy;ownership_share\n{rows}")["policy"].tolist() == labels


def test_marks_for_missing_are_left_out_and_counted(tmp_path: Path) -> None:
    marks = ("", "NA", "N/A", "n/a", "n.a.", "-", "..", ".", ":", "NaN", "#N/A", "null")
    rows = "".join(f"2011-07,Dy,{mark}\n" for mark in marks)
    table = read(tmp_path, f"date,element,value\n{rows}2011-08,Dy,1500\n", PRICES)
    assert table["value"].tolist() == [1500.0] and table.lines.tolist() == [14]
    assert table.notes == ("12 rows without value left out (lines 2, 3, 4, 5, 6, ...)",)


def test_missing_can_be_kept_or_refused(tmp_path: Path) -> None:
    columns = {"ownership_share": Column("number", missing="keep"), "policy": LABEL}
    kept = read(tmp_path, "policy,ownership_share\na,n/a\nb,0.5\n", columns)
    assert np.isnan(kept["ownership_share"][0]) and kept["ownership_share"][1] == 0.5
    assert "line 2: has no date" in refusal(tmp_path, "date,value\n#N/A,3\n", PRICES)


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    content = '# about\n\npolicy,ownership_share\n"two\nlines",0.1\n,\nb,0.2\n# end\n'
    table = read(tmp_path, content)
    assert table.lines.tolist() == [4, 7] and table.where(1).endswith("table.csv, line 7")
    assert table.notes == ("1 row of comment left out (line 8)", "1 row without a cell left out (line 6)")


def test_rows_left_out_by_the_caller_are_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "ownership_share\n0.1\n7\n0.3\n")
    kept = table.keep(table["ownership_share"] <= 1, "out of range")
    assert kept.lines.tolist() == [2, 4] and kept.notes == ("1 row out of range left out (line 3)",)
    assert table.keep(np.ones(3, dtype=bool), "out of range") is table


DATES = {
    "2011": "2011", "2011.0": "2011", "2011Q3": "2011-Q3", "2011-Q3": "2011-Q3", "Q3 2011": "2011-Q3",
    "2011M08": "2011-08", "2011M8": "2011-08", "2011-08": "2011-08", "2011-8": "2011-08", "2011/08": "2011-08",
    "08.2011": "2011-08", "8/2011": "2011-08", "Aug 2011": "2011-08", "Aug-11": "2011-08", "August 2011": "2011-08",
    "Sept 2011": "2011-09", "2011 Aug": "2011-08", "2011-08-15": "2011-08-15", "2011/08/31": "2011-08-31",
    "2011-08-31 00:00:00": "2011-08-31", "2011-08-31T00:00:00": "2011-08-31", "2011-08-31T00:00:00Z": "2011-08-31",
    "2011-08-31T00:00:00.000000000": "2011-08-31", "20110831": "2011-08-31", "31.08.2011": "2011-08-31",
    "1.7.2010": "2010-07-01", "31/08/2011": "2011-08-31", "8/31/2011": "2011-08-31", "31 Aug 2011": "2011-08-31",
    "31-Aug-11": "2011-08-31", "Aug 31, 2011": "2011-08-31",
}  # fmt: skip


@pytest.mark.parametrize("written", DATES)
def test_dates_of_agencies_and_spreadsheets(written: str) -> None:
    assert read_date(written) == DATES[written]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("7/1/2010", "day and month can be either"),
        ("7/1/10", "day and month can be either"),
        ("40360", "a spreadsheet's number of a day, perhaps 2010-07-01"),
        ("40360.5", "a spreadsheet's number of a day"),
        ("2011-13", "needs 2011, 2011-Q2, 2011-08 or 2011-08-31"),
        ("2011-02-31", "there is no such day"),
        ("2011.10", "needs 2011"),
        ("201108", "needs 2011"),
        ("11-Aug", "needs 2011"),
        ("Augst 2011", "needs 2011"),
        ("2011Q5", "needs 2011"),
        ("soon", "needs 2011"),
    ],
)
def test_dates_that_can_be_two_or_none_are_refused(written: str, words: str, tmp_path: Path) -> None:
    said = refusal(tmp_path, f"date,element,value\n2011-08,Dy,1\n{written},Dy,1\n", PRICES)
    assert words in said and f"line 3: date {written!r}" in said


def test_frames_and_mappings_are_tables(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"date": pd.to_datetime(["2011-08-31", "2012-01-01"]), "element": ["Dy", "Nd"], "value": [1500.0, np.nan]}
    )
    table = read_table(frame, PRICES)
    assert table["date"].tolist() == ["2011-08-31"] and table.where(0) == "the table, row 0"
    words = read_table({"policy": [1.0, 2.0], "ownership_share": ["0.5", "1"]}, DESIGN)
    assert words["policy"].tolist() == ["1", "2"] and words["ownership_share"].tolist() == [0.5, 1.0]
    with pytest.raises(InputError, match="row 1: has no policy"):
        read_table(pd.DataFrame({"policy": ["a", np.nan], "ownership_share": [0.1, 0.2]}), DESIGN)
    with pytest.raises(InputError, match="differ in length"):
        read_table({"policy": ["a"], "ownership_share": [0.1, 0.2]}, DESIGN)


BEHAVIOR_SPACE = """"BehaviorSpace results (NetLogo 6.4.0)","Table version 2.0"
"model.nlogo"
"experiment"
"01/01/2025 00:00:00:000 +0000"
"min-pxcor","max-pxcor","min-pycor","max-pycor"
"-16","16","-16","16"
"[run number]","ownership_share","guarantee_strength","[step]","count turtles"
"1","0.1","0.2","0","3"
"1","0.1","0.2","1","4"
"2","0.4","0.5","0","3"
"""


def test_a_netlogo_table_is_recognised(tmp_path: Path) -> None:
    table = read(tmp_path, BEHAVIOR_SPACE)
    assert table["ownership_share"].tolist() == [0.1, 0.4] and table.lines.tolist() == [8, 10]
    assert "[run number], [step], count turtles" in table.notes[-1] and "1 row of later steps" in table.notes[0]


@pytest.mark.cases
def test_a_netlogo_spreadsheet_is_refused_in_words_of_its_own(tmp_path: Path) -> None:
    runs = '"[run number]","1","1","2","2"\n"ownership_share","0.1","0.1","0.4","0.4"\n'
    content = "\n".join(BEHAVIOR_SPACE.splitlines()[:6]) + "\n" + runs
    assert "is a BehaviorSpace spreadsheet: let NetLogo write its table" in refusal(tmp_path, content)


@pytest.mark.cases
@pytest.mark.parametrize(
    ("table", "words"),
    [
        (None, "a table is the name of a CSV file, a DataFrame or a mapping of columns, not NoneType"),
        ([{"ownership_share": 0.1}], "not list"),
        (pd.DataFrame([[0.1, 0.2]], columns=["ownership_share", "ownership_share"]), "two columns 'ownership_share'"),
        ({"ownership_share": np.ones((2, 2))}, "several values a row"),
        ({"ownership_share": [0.1], " ownership_share": [0.2]}, "two columns ' ownership_share'"),
        ({"ownership_share": [True]}, "row 0: ownership_share 'True': needs a number"),
    ],
)
def test_what_is_no_table_is_refused(table: Any, words: str) -> None:
    with pytest.raises(InputError) as refused:
        read_table(table, DESIGN)
    assert words in str(refused.value)


@pytest.mark.cases
def test_a_series_is_one_row_of_a_table() -> None:
    table = read_table(pd.Series({"ownership_share": 0.5, "guarantee_strength": 0.1}), DESIGN)
    assert table["ownership_share"].tolist() == [0.5] and table["guarantee_strength"].tolist() == [0.1]


@pytest.mark.cases
def test_an_unknown_column_does_not_bring_a_hundred_names(tmp_path: Path) -> None:
    many = {f"parameter_{number}": NUMBER for number in range(100)}
    said = refusal(tmp_path, "xyz,parameter_1\n1,2\n", many)
    assert said.endswith("like none of the 100 that are known, as parameter_0, parameter_1, parameter_2")
    assert "1 row of comment left out (line 2)" in refusal(tmp_path, "policy,ownership_share\n#1,0.5\n")


def test_an_ema_table_keeps_the_policy_none(tmp_path: Path) -> None:
    table = read(tmp_path, "ownership_share,scenario,policy,model\n0.1,0,None,subsoil\n0.4,1,None,subsoil\n")
    assert table["policy"].tolist() == ["None", "None"] and table["scenario"].tolist() == ["0", "1"]
    assert "model" not in table.columns and "EMA workbench" in table.notes[0]


def test_other_columns_are_read_or_ignored_where_the_caller_says_so(tmp_path: Path) -> None:
    content = "ownership_share,Note,mine\n0.1,why,7\n"
    table = read(tmp_path, content, others=LABEL, ignored=("note",))
    assert table["mine"].tolist() == ["7"] and list(table.columns) == ["ownership_share", "mine"]
