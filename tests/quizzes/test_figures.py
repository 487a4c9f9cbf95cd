"""The figures against published examples, and against a slow recomputation from single answers."""

from __future__ import annotations

import statistics
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.analysis.figures import (
    UNIT,
    Cell,
    correlation,
    cronbach,
    discrimination,
    distribution,
    item_figures,
    quantile,
    reliability_of_all,
    reliability_of_draws,
    thirds,
    variance,
)

HALF = Fraction(1, 2)

# Wuensch, K. L., «The Kuder-Richardson 20» (core.ecu.edu/wuenschk/StatHelp/KR20.txt): ten students,
# ten items. There: p of each item, variance of the totals 5.84 (dividing by n).
WUENSCH = [
    "1111110110",
    "1011011101",
    "1111011001",
    "0010001000",
    "0000010010",
    "1110111111",
    "1101110111",
    "1111111101",
    "0101111101",
    "1101101110",
]

# «Item Analysis Worksheet» with answers (scribd.com/document/509719271): ten students from high to
# low with the upper and lower five as groups, and the discrimination index of each question.
WORKSHEET = [
    (100, "1111111111"),
    (90, "1111111101"),
    (80, "1101111100"),
    (70, "0111110101"),
    (70, "1110111001"),
    (60, "1110110100"),
    (60, "0110110101"),
    (50, "0111001010"),
    (40, "1110000011"),
    (30, "0100010010"),
]
WORKSHEET_D = ["0.4", "0", "0", "0.6", "0.6", "0.4", "0.6", "0.4", "-0.4", "0.4"]


def cells_of(rows: list[list[int]], item: int, most: int = 1) -> Counter[Cell]:
    """The counted cells of one item of a table of points."""
    return Counter(
        Cell(most * UNIT, row[item] * UNIT, most * len(row) * UNIT, sum(row) * UNIT) for row in rows
    )


def digits(lines: list[str]) -> list[list[int]]:
    return [[int(digit) for digit in line] for line in lines]


def table(values) -> Counter[Fraction]:
    return Counter(Fraction(value) for value in values)


def test_kr20_of_a_published_table():
    rows = digits(WUENSCH)
    totals = table(sum(row) for row in rows)
    items = [table(column) for column in zip(*rows, strict=True)]

    facility = [item_figures(cells_of(rows, n)).facility for n in range(10)]
    assert [float(p) for p in facility] == [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
    assert variance(totals) == Fraction("5.84") * 10 / 9
    found = reliability_of_all(items, totals, most=10)
    # By the formula there: 10/9 * (1 - 2.18 / 5.84), as the products p * q add up to 2.18.
    assert found.coefficient == Fraction(10, 9) * (1 - Fraction("2.18") / Fraction("5.84"))
    assert (found.count, found.items) == (10, 10)


def test_cronbachs_alpha_of_a_published_scale():
    # Bland and Altman (1997), Statistics notes: Cronbach's alpha, BMJ 314:572: the ten items of
    # the mini-HAQ, sum of their variances 11.16, variance of the total 77.44, alpha 0.95.
    found = cronbach(10, Fraction("11.16"), Fraction("77.44"))
    assert round(float(found), 2) == 0.95


def test_alpha_needs_two_items_and_different_totals():
    assert cronbach(1, Fraction(1), Fraction(1)) is None
    assert cronbach(3, Fraction(0), Fraction(0)) is None


def test_discrimination_of_a_published_worksheet():
    found = [
        discrimination(
            [(Fraction(score), Fraction(int(marks[n])), 1) for score, marks in WORKSHEET], HALF
        )
        for n in range(10)
    ]
    assert found == [Fraction(text) for text in WORKSHEET_D]


def test_discrimination_by_kelleys_groups():
    # Forty pupils, so eleven in a group; nine and three of them right: 6/11 = 0.55.
    right = {*range(3), *range(29, 38)}
    cells = [(Fraction(n), Fraction(n in right), 1) for n in range(40)]
    assert discrimination(cells) == Fraction(6, 11)


def test_the_order_of_equal_scores_decides_nothing():
    cells = [(Fraction(1), Fraction(1), 3), (Fraction(1), Fraction(0), 3)]
    assert discrimination(cells) == 0
    assert discrimination(cells[::-1]) == 0


def test_point_biserial_of_a_published_example():
    # The example of scipy.stats.pointbiserialr: 0.8660254037844386.
    pairs = [(Fraction(n > 2), Fraction(n), 1) for n in range(7)]
    assert correlation(pairs) == pytest.approx(0.8660254037844386, abs=1e-15)


def test_quartiles_and_skewness_as_spreadsheets_tell_them():
    # The examples of QUARTILE.INC (3.5) and SKEW (0.359543) in Excel's help.
    assert quantile(table([1, 2, 4, 7, 8, 9, 10, 12]), Fraction(1, 4)) == Fraction("3.5")
    found = distribution(table([3, 4, 5, 2, 3, 4, 5, 6, 4, 7]))
    assert round(found.skewness, 6) == 0.359543


def test_what_cannot_be_told_is_not_told():
    assert item_figures({}) is None
    alone = item_figures({Cell(UNIT, UNIT, UNIT, UNIT): 5})
    assert (alone.facility, alone.correlation, alone.efficiency) == (1, None, None)
    assert distribution({}) is None
    assert distribution({Fraction(1): 1}).deviation is None


def test_equal_scores_stay_in_one_third():
    assert thirds(table([5, 5, 5])) == {Fraction(5): 1}
    assert thirds(table(range(9))) == {Fraction(n): n // 3 for n in range(9)}


matrices = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 2), min_size=width, max_size=width), min_size=2, max_size=25
    )
)


def slow_correlation(first: list[float], second: list[float]) -> float | None:
    try:
        return statistics.correlation(first, second)
    except statistics.StatisticsError:
        return None


@given(matrices)
def test_item_figures_equal_a_slow_recomputation(rows):
    for n in range(len(rows[0])):
        found = item_figures(cells_of(rows, n, most=2))
        own = [Fraction(row[n], 2) for row in rows]
        rest = [Fraction(sum(row) - row[n], 2 * len(row) - 2) for row in rows]
        assert found.facility == statistics.mean(own)
        assert found.deviation == pytest.approx(statistics.stdev(map(float, own)), abs=1e-9)
        slow = slow_correlation([float(x) for x in own], [float(x) for x in rest])
        assert found.correlation == (slow if slow is None else pytest.approx(slow, abs=1e-6))
        middle, others = statistics.mean(own), statistics.mean(rest)
        products = [(x - middle) * (y - others) for x, y in zip(own, rest, strict=True)]
        assert found.covariance == sum(products) / (len(rows) - 1)
        best = sum(
            (x - middle) * (y - others) for x, y in zip(sorted(own), sorted(rest), strict=True)
        )
        assert found.efficiency == (sum(products) / best if best else None)


@given(matrices)
def test_reliability_equals_a_slow_recomputation(rows):
    totals = [Fraction(sum(row)) for row in rows]
    columns = [[Fraction(x) for x in column] for column in zip(*rows, strict=True)]
    width, found = (
        len(columns),
        reliability_of_all(
            [table(column) for column in columns], table(totals), most=2 * len(columns)
        ),
    )
    if statistics.variance(totals) == 0:
        assert found is None
        return
    # Another way to the same: the mean covariance between items and their mean variance.
    mean_variance = sum(statistics.variance(column) for column in columns) / width
    pairs = [
        _covariance(columns[i], columns[j]) for i in range(width) for j in range(width) if i != j
    ]
    between = sum(pairs) / len(pairs)
    assert found.coefficient == width * between / (mean_variance + (width - 1) * between)


def _covariance(first: list[Fraction], second: list[Fraction]) -> Fraction:
    a, b = statistics.mean(first), statistics.mean(second)
    total = sum((x - a) * (y - b) for x, y in zip(first, second, strict=True))
    return total / (len(first) - 1)


@given(matrices)
def test_reliability_of_draws_is_one_way_analysis_of_variance(rows):
    count, width = len(rows), len(rows[0])
    totals = table(sum(row) for row in rows)
    found = reliability_of_draws(
        Fraction(sum(x * x for row in rows for x in row)), totals, width, most=2 * width
    )
    means = [Fraction(sum(row), width) for row in rows]
    grand = sum(means) / count
    between = width * sum((m - grand) ** 2 for m in means) / (count - 1)
    within = sum((x - m) ** 2 for row, m in zip(rows, means, strict=True) for x in row) / Fraction(
        count * (width - 1)
    )
    assert (found and found.coefficient) == (1 - within / between if between else None)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=60))
def test_distribution_equals_the_standard_library(values):
    found = distribution(table(values))
    assert found.mean == Fraction(sum(values), len(values))
    assert found.median == Fraction(statistics.median(values))
    if len(values) > 1:
        low, _middle, high = statistics.quantiles(values, n=4, method="inclusive")
        assert (float(found.lower), float(found.upper)) == (low, high)


@given(st.lists(st.integers(0, 8), min_size=2, max_size=40), st.randoms())
def test_discrimination_equals_the_mean_over_all_orders_of_equals(scores, chance):
    share = [Fraction(chance.randint(0, 1)) for _score in scores]
    size = max(1, int(len(scores) * Fraction(27, 100) + HALF))
    by_score = {}
    for score, own in zip(scores, share, strict=True):
        by_score.setdefault(score, []).append(own)
    means = [statistics.mean(by_score[score]) for score in sorted(scores)]
    slow = sum(means[-size:]) / size - sum(means[:size]) / size
    cells = [(Fraction(a), b, 1) for a, b in zip(scores, share, strict=True)]
    assert discrimination(cells) == slow
