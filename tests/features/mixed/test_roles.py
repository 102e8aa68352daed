"""What each column of a table is."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic._arguments import given_as
from kmosaic._errors import InputError
from kmosaic.data.mixed import open_table
from kmosaic.features.mixed import noun_of, roles_of

N = 60
RNG = np.random.default_rng(0)
COLUMNS = {
    "CustomerID": np.arange(5, N + 5),
    "name": [f"person {i}" for i in range(N)],
    "age": RNG.integers(18, 80, N),
    "city": RNG.choice(["Rome", "Oslo"], N),
    "code": RNG.choice([1, 2, 7], N),
    "flag": RNG.choice([0, 1], N),
    "same": ["x"] * N,
    "rare": [None] * (N - 9) + [1, 2, 3, 4, 5, 6, 7, 8, 9.5],
    "notes": [f"word {i % 50}" for i in range(N)],
    "nothing": [None] * N,
}


def table():
    return open_table(COLUMNS)


def test_types_are_inferred_ids_are_found_and_the_rest_is_left_out_with_reasons():
    found = roles_of(table())
    assert found.numbers == ("age", "code")
    assert found.categories == ("city", "flag")
    assert found.id_column == "CustomerID"
    assert found.left_out == {
        "name": "names the rows: each has another value",
        "same": "has the same value everywhere",
        "rare": "is missing in 85% of the rows",
        "notes": "holds 50 different words, too many for a category",
        "nothing": "is empty",
    }


def test_zeros_and_ones_are_two_categories_unless_they_are_said_to_be_numbers():
    assert "flag" in roles_of(table(), numeric=["flag"]).numbers


def test_a_code_with_few_values_is_asked_about():
    (question,) = roles_of(table()).questions
    assert question.startswith("code holds 3 whole numbers, 1 to 7")
    assert "categorical=['code']" in question
    with given_as({"categorical": "--categorical", "numeric": "--numeric"}):
        assert "say --categorical code; if not, --numeric code." in roles_of(table()).questions[0]
    said = roles_of(table(), categorical=["code"])
    assert said.questions == ()
    assert said.categories == ("city", "code", "flag")
    assert roles_of(table(), numeric=["code"]).questions == ()


def test_columns_that_are_named_are_looked_at_and_no_others():
    found = roles_of(table(), columns=["age", "notes"])
    assert found.used == ("age", "notes")
    assert found.id_column == "CustomerID"
    assert roles_of(table(), columns=["age"]).used == ("age",)
    assert roles_of(table(), id_column="name").id_column == "name"


def test_income_is_no_id_though_all_differ():
    income = RNG.permutation(10_000)[:N]
    assert roles_of(open_table({"income": income, "age": COLUMNS["age"]})).id_column is None
    named = roles_of(open_table({"user_id": income, "age": COLUMNS["age"], "x": income / 7}))
    assert named.id_column == "user_id"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"columns": ["agee"]}, "has no column 'agee'; it has CustomerID"),
        ({"columns": ["same", "age"]}, "'same' has the same value everywhere: leave it out"),
        (
            {"columns": ["city", "age"], "numeric": ["city"]},
            r"'city' \(all 60 cells: row 0 '(Rome|Oslo)'",
        ),
        ({"categorical": ["code"], "numeric": ["code"]}, "both|as a category and as a number"),
        ({"id_column": "age", "columns": ["age"]}, "'age' names the rows, so it is no column"),
    ],
)
def test_what_does_not_fit_is_refused(settings, words):
    with pytest.raises(InputError, match=words):
        roles_of(table(), **settings)


def test_one_column_alone_is_refused_unless_it_is_asked_for():
    one = open_table({"CustomerID": COLUMNS["CustomerID"], "age": COLUMNS["age"]})
    with pytest.raises(InputError, match=r"one column to look at, 'age'.*columns=\['age'\]"):
        roles_of(one)
    with pytest.raises(InputError, match="no column to look at"):
        roles_of(open_table({"a": [1] * 20}))


def test_words_among_numbers_are_told_with_their_lines(tmp_path):
    lines = [f"{i},{i * i % 17}" for i in range(40)]
    lines[30] = "30,many"
    lines[32] = "few,?!"
    (tmp_path / "t.csv").write_text("\n".join(["x,y", *lines]))
    bad = open_table(tmp_path / "t.csv")
    with pytest.raises(
        InputError, match=r"2 columns: 'x' \(1 .*\), 'y' \(2 cells: line 32 'many', line 34 '\?!'\)"
    ):
        roles_of(bad)
    lines[32] = "32,?!"
    (tmp_path / "t.csv").write_text("\n".join(["x,y", *lines]))
    assert roles_of(open_table(tmp_path / "t.csv"), columns=["x"]).used == ("x",)


def test_rows_are_called_by_what_names_them():
    names = ("CustomerID", "user_id", "Company", "id", "ID", "row", None, "Kunde Nr")
    nouns = [noun_of(name) for name in names]
    assert nouns[:4] == ["customers", "users", "companies", "rows"]
    assert set(nouns[4:]) == {"rows"}
    of_what_they_have = ("name", "title", "email", "phone number", "paid", "grid", "valid", "code")
    assert {noun_of(name) for name in of_what_they_have} == {"rows"}
    of_what_they_are = ("Customers", "store_key", "Employee Name", "householdId", "wine_id")
    assert [noun_of(name) for name in of_what_they_are] == [
        "customers", "stores", "employees", "households", "wines",
    ]  # fmt: skip
