"""From transactions to customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kmosaic._errors import InputError
from kmosaic.data.mixed import Numbers, Rfm, Words, open_table, rfm_table
from kmosaic.data.mixed.dates import days_of

DAYS = ("2024-01-05", "2024-01-01", "2024-01-30")
SALES = {
    "who": ["a", "b", "a", "c", "b", "", "a"],
    "day": ["2024-01-05", "2024-01-31 10:00", *DAYS, "2024-02-09", ""],
    "pieces": [1, 2, 3, 4, 5, 6, 7],
    "price": [10.0, 1.0, 2.0, 0.5, 1.0, 9.0, 9.0],
    "order": ["o1", "o2", "o1", "o3", "o4", "o5", "o6"],
}  # fmt: skip


def values(table, name):
    return table[name].values.tolist()


def test_recency_frequency_and_monetary_value_are_those_of_each_customer():
    found, why = rfm_table(open_table(SALES), Rfm("who", "day", "price"))
    assert found["who"].levels == ("a", "b", "c")
    assert values(found, "recency_days") == [26, 0, 30]
    assert values(found, "frequency") == [2, 2, 1]
    assert values(found, "monetary") == [12, 2, 0.5]
    assert "5 transactions of 3 customers" in why[0]
    assert "2024-01-31" in why[0]
    assert why[1].startswith("2 transactions without a customer, a date or an amount")


def test_it_is_what_pandas_groups():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({
        "who": rng.integers(0, 40, 500), "amount": rng.normal(50, 9, 500),
        "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, 500), unit="D"),
    })  # fmt: skip
    found, _ = rfm_table(open_table(frame, as_words=["who"]), Rfm("who", "day", "amount"))
    groups = frame.groupby(frame["who"].astype(str), sort=False)
    assert list(found["who"].levels) == list(groups.groups)
    assert values(found, "frequency") == groups.size().tolist()
    np.testing.assert_allclose(found["monetary"].values, groups["amount"].sum())
    since = (frame["day"].max() - groups["day"].max()).dt.days
    assert values(found, "recency_days") == since.tolist()


def test_products_are_amounts_and_orders_are_counted_once():
    rfm = Rfm.of("customer=who, date=day, amount=pieces*price, order=order")
    found, why = rfm_table(open_table(SALES), rfm)
    assert values(found, "monetary") == [16, 7, 2]
    assert values(found, "frequency") == [1, 2, 1]
    assert "different values of order" in why[0]
    assert Rfm.of(str(rfm)) == rfm


def test_what_cannot_be_used_is_refused():
    table = open_table(SALES)
    for text in ("customer=who,date=day", "customer=,date=day,amount=x", "who,day,price", "a=b"):
        with pytest.raises(InputError, match="is not of the form customer=COLUMN"):
            Rfm.of(text)
    with pytest.raises(InputError, match="no column 'when'"):
        rfm_table(table, Rfm("who", "when", "price"))
    with pytest.raises(
        InputError, match=r"no numbers in 1 column: 'order' \(all 7 cells: row 0 'o1'"
    ):
        rfm_table(table, Rfm("who", "day", "order"))
    both = r"numbers in 1 column: 'order' .* no dates such as .*: 'who' \(6 cells: row 0 'a', "
    with pytest.raises(InputError, match=both):
        rfm_table(table, Rfm("who", "who", "order"))
    with pytest.raises(InputError, match=r"No row of .* has a customer, a date and an amount"):
        rfm_table(open_table(SALES | {"nothing": [None] * 7}), Rfm("who", "day", "nothing"))


def test_dates_of_one_way_may_stand_among_those_of_another_and_what_is_none_is_found():
    texts = ("31/3/1970", "1/4/1970", "1970-04-02", "soon")
    found, wrong = days_of(Words(np.arange(4, dtype=np.int32), texts), "day")
    np.testing.assert_array_equal(found, [89, 90, 91, np.nan])
    assert wrong.tolist() == [3]


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (("1970-01-03",), [2]),
        (("1970-01-03T06:00:00",), [2.25]),
        (("19700103",), [2]),
        (("3/1/1970", "31/1/1970"), [2, 30]),
        (("1/3/1970 12:00", "1/31/1970"), [2.5, 30]),
        (("3.1.2000", "13.1.2000"), [10959, 10969]),
    ],
)
def test_dates_are_read_as_tables_write_them(texts, days):
    column = Words(np.arange(len(texts), dtype=np.int32), texts)
    found, wrong = days_of(column, "day")
    assert (found.tolist(), wrong.tolist()) == (days, [])


def test_compact_dates_may_be_whole_numbers():
    numbers = [19700103.0, np.nan, 12, 19700103.5, 19701301, -19700103, 19700103012, 19700102]
    found, wrong = days_of(Numbers(np.array(numbers)), "day")
    np.testing.assert_array_equal(found, [2, *[np.nan] * 6, 1])
    assert wrong.tolist() == [2, 3, 4, 5, 6]


def test_all_cells_of_a_column_of_compact_dates_that_are_none_are_told(tmp_path):
    days = ["20240101", "x", "20240102", "5.5", "", "20240103.7", *["20240104"] * 9, "y"]
    file = tmp_path / "t.csv"
    file.write_text("who,day,price\n" + "".join(f"a,{day},1\n" for day in days))
    told = r"as 20240331 in 1 .* \(4 cells: line 3 'x', .* 5 '5.5', .* 7 '20240103.7', .* 17"
    with pytest.raises(InputError, match=told):
        rfm_table(open_table(file), Rfm("who", "day", "price"))
    file.write_text(file.read_text().replace("5.5", "20240101").replace("103.7", "103"))
    with pytest.raises(InputError, match=r"'day' \(2 cells: line 3 'x', line 17 'y'\). Mend or"):
        rfm_table(open_table(file), Rfm("who", "day", "price"))


@pytest.mark.parametrize("texts", [("3/1/1970", "4/2/1970"), ("13/1/1970", "1/13/1970")])
def test_days_and_months_that_cannot_be_told_apart_are_refused(texts):
    column = Words(np.arange(2, dtype=np.int32), texts)
    with pytest.raises(InputError, match="write them as 2024-03-31"):
        days_of(column, "day")
