"""The figures of classical test theory, exact: pure functions over counted integers.

Points come as whole units of 1/10000, as attempts store them, and always counted: a `Cell` says
how many attempts had the same points in the question and in all. Sums are exact fractions; only a
square root makes a float, at the very end. Variances divide by n - 1 throughout.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

# Units to a point: as many as the stored four decimals can tell apart.
UNIT = 10_000
# Kelley, T. L. (1939), The selection of upper and lower groups for the validation of test items,
# Journal of Educational Psychology 30, 17-24: where the two groups differ most surely.
KELLEY = Fraction(27, 100)

Table = Mapping[Fraction, int]


class Cell(NamedTuple):
    """What a question was worth and earned in an attempt, and the attempt as a whole; in units."""

    points: int
    earned: int
    most: int
    total: int

    @property
    def share(self) -> Fraction:
        """The share of the question's points."""
        return Fraction(self.earned, self.points)

    @property
    def score(self) -> Fraction:
        """The share of the attempt's points."""
        return Fraction(self.total, self.most)

    @property
    def rest(self) -> Fraction | None:
        """The share of the points of all other questions; None where there is no other."""
        if self.most <= self.points:
            return None
        return Fraction(self.total - self.earned, self.most - self.points)


@dataclass(frozen=True)
class Item:
    """The figures of a question; shares from 0 to 1, None where they cannot be told.

    `discrimination` is the difference of the mean shares of the upper and lower 27 %, `correlation`
    that with the rest of the test, `efficiency` its covariance as a share of the greatest possible.
    """

    count: int
    facility: Fraction
    deviation: float | None
    discrimination: Fraction | None
    correlation: float | None
    covariance: Fraction | None
    efficiency: Fraction | None


@dataclass(frozen=True)
class Distribution:
    """A distribution of scores, in their own unit; None where they cannot be told."""

    count: int
    mean: Fraction
    deviation: float | None
    least: Fraction
    lower: Fraction
    median: Fraction
    upper: Fraction
    most: Fraction
    skewness: float | None


@dataclass(frozen=True)
class Reliability:
    """How far the scores would come again: a coefficient, and what it rests on.

    `error` is the standard error of measurement as a share of all points, None for a negative
    coefficient.
    """

    coefficient: Fraction
    error: float | None
    count: int
    items: int


def item_figures(cells: Mapping[Cell, int]) -> Item | None:
    """The figures of one question from its counted cells; None for no attempt."""
    count = sum(cells.values())
    if not count:
        return None
    shares = tally((cell.share, n) for cell, n in cells.items())
    pairs = [(cell.share, rest, n) for cell, n in cells.items() if (rest := cell.rest) is not None]
    own, rests = _margins(pairs)
    joint = covariance(pairs)
    best = greatest_covariance(own, rests)
    return Item(
        count=count,
        facility=mean(shares),
        deviation=root(variance(shares)),
        discrimination=discrimination((cell.score, cell.share, n) for cell, n in cells.items()),
        correlation=correlation(pairs),
        covariance=joint,
        # The definition of Moodle's quiz statistics: «discriminative efficiency».
        efficiency=joint / best if joint is not None and best else None,
    )


def _margins(pairs: Sequence[tuple[Fraction, Fraction, int]]) -> tuple[Table, Table]:
    """The first and the second values of counted pairs, each counted by itself."""
    return tally((x, n) for x, _y, n in pairs), tally((y, n) for _x, y, n in pairs)


def tally(pairs: Iterable[tuple[Fraction, int]]) -> Counter[Fraction]:
    """How often each value comes."""
    found: Counter[Fraction] = Counter()
    for value, count in pairs:
        found[value] += count
    return found


def mean(table: Table) -> Fraction:
    """The mean of counted values, of which there is at least one."""
    return _sum(table) / sum(table.values())


def _sum(table: Table) -> Fraction:
    return sum((value * n for value, n in table.items()), Fraction(0))


def variance(table: Table) -> Fraction | None:
    """The variance of counted values with n - 1; None for fewer than two."""
    count = sum(table.values())
    if count < 2:
        return None
    squares = sum((value * value * n for value, n in table.items()), Fraction(0))
    return (squares - _sum(table) ** 2 / count) / (count - 1)


def covariance(pairs: Sequence[tuple[Fraction, Fraction, int]]) -> Fraction | None:
    """The covariance of counted pairs with n - 1; None for fewer than two."""
    count = sum(n for _x, _y, n in pairs)
    if count < 2:
        return None
    products = sum((x * y * n for x, y, n in pairs), Fraction(0))
    first = sum((x * n for x, _y, n in pairs), Fraction(0))
    second = sum((y * n for _x, y, n in pairs), Fraction(0))
    return (products - first * second / count) / (count - 1)


def greatest_covariance(first: Table, second: Table) -> Fraction | None:
    """The covariance if the two had gone together best: each sorted, the nth beside the nth."""
    pairs: list[tuple[Fraction, Fraction, int]] = []
    left, right = sorted(first.items()), sorted(second.items())
    while left and right:
        (x, n), (y, m) = left.pop(), right.pop()
        taken = min(n, m)
        pairs.append((x, y, taken))
        if n > taken:
            left.append((x, n - taken))
        if m > taken:
            right.append((y, m - taken))
    return covariance(pairs)


def correlation(pairs: Sequence[tuple[Fraction, Fraction, int]]) -> float | None:
    """Pearson's r of counted pairs; where the first is right or wrong this is the point-biserial.

    None where either never varies.
    """
    joint = covariance(pairs)
    first, second = map(variance, _margins(pairs))
    if joint is None or not first or not second:
        return None
    # One root of an exact fraction, so that a perfect correlation is 1 and not nearly.
    return math.copysign(math.sqrt(joint * joint / (first * second)), joint)


def discrimination(
    cells: Iterable[tuple[Fraction, Fraction, int]], part: Fraction = KELLEY
) -> Fraction | None:
    """The index D: mean share of the upper group less that of the lower.

    Cells are (score, share, count). A group is `part` of all, to the nearest whole attempt and at
    least one. Where its edge cuts through attempts of the same score, these count with the mean of
    all who have it: who of them is in the group would be chance. None for fewer than two attempts.
    """
    by_score: dict[Fraction, tuple[int, Fraction]] = {}
    for score, share, n in cells:
        count, total = by_score.get(score, (0, Fraction(0)))
        by_score[score] = (count + n, total + share * n)
    everybody = sum(count for count, _total in by_score.values())
    if everybody < 2:
        return None
    size = max(1, math.floor(part * everybody + Fraction(1, 2)))
    rows = [by_score[score] for score in sorted(by_score)]
    return _mean_of_first(rows[::-1], size) - _mean_of_first(rows, size)


def _mean_of_first(rows: Iterable[tuple[int, Fraction]], size: int) -> Fraction:
    left, found = size, Fraction(0)
    for count, total in rows:
        taken = min(left, count)
        found += total * taken / count
        left -= taken
        if not left:
            break
    return found / size


def thirds(scores: Table) -> dict[Fraction, int]:
    """Of each score the third it is in: 0 lower, 1 middle, 2 upper.

    Equal scores stay together, in the third where their middle rank lies.
    """
    everybody, before = sum(scores.values()), 0
    found = {}
    for score in sorted(scores):
        rank = Fraction(2 * before + scores[score], 2 * everybody)
        found[score] = 0 if rank < Fraction(1, 3) else 2 if rank > Fraction(2, 3) else 1
        before += scores[score]
    return found


def distribution(table: Table) -> Distribution | None:
    """Place, spread and shape of counted scores; None for none.

    Quartiles as QUARTILE.INC of spreadsheets, skewness as SKEW there: Joanes, D. N. and Gill, C. A.
    (1998), Comparing measures of sample skewness and kurtosis, The Statistician 47, their G1.
    """
    count = sum(table.values())
    if not count:
        return None
    spread = variance(table)
    return Distribution(
        count=count,
        mean=mean(table),
        deviation=root(spread),
        least=min(table),
        lower=quantile(table, Fraction(1, 4)),
        median=quantile(table, Fraction(1, 2)),
        upper=quantile(table, Fraction(3, 4)),
        most=max(table),
        skewness=_skewness(table, count, spread),
    )


def _skewness(table: Table, count: int, spread: Fraction | None) -> float | None:
    if count < 3 or not spread:
        return None
    middle = mean(table)
    cubes = sum(((value - middle) ** 3 * n for value, n in table.items()), Fraction(0))
    whole = cubes * count / ((count - 1) * (count - 2))
    return float(whole) / float(spread) ** 1.5


def quantile(table: Table, at: Fraction) -> Fraction:
    """The value at the share `at` of the ranks from first to last, between two values in line."""
    place = at * (sum(table.values()) - 1)
    low = math.floor(place)
    first, second = _ranked(table, low), _ranked(table, math.ceil(place))
    return first + (second - first) * (place - low)


def _ranked(table: Table, rank: int) -> Fraction:
    for value in sorted(table):
        rank -= table[value]
        if rank < 0:
            return value
    raise IndexError("there are not that many values")


def root(value: Fraction | None) -> float | None:
    """The square root; None of None."""
    return None if value is None else math.sqrt(value)


# --- reliability ------------------------------------------------------------------------------


def cronbach(items: int, item_variances: Fraction, total_variance: Fraction) -> Fraction | None:
    """Cronbach's alpha, k/(k-1) * (1 - sum of the items' variances / variance of the totals).

    Cronbach, L. J. (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16,
    297-334. Where every item is right or wrong it is KR-20: Kuder, G. F. and Richardson, M. W.
    (1937), Psychometrika 2, 151-160. None for one item, or where all totals are the same.
    """
    if items < 2 or not total_variance:
        return None
    return Fraction(items, items - 1) * (1 - item_variances / total_variance)


def reliability_of_all(items: Sequence[Table], totals: Table, most: int) -> Reliability | None:
    """Where everybody had the same questions: each question's points and the totals, counted."""
    spread = variance(totals)
    own = [variance(table) for table in items]
    if spread is None or any(value is None for value in own):
        return None
    sum_own = sum((value for value in own if value is not None), Fraction(0))
    found = cronbach(len(items), sum_own, spread)
    return _reliability(found, spread, sum(totals.values()), len(items), most)


def reliability_of_draws(
    squares: Fraction, totals: Table, per_attempt: int, most: int
) -> Reliability | None:
    """Where everybody had other questions, each worth the same: 1 - MS within / MS between persons.

    The one-way analysis of variance with items nested in persons (Brennan, R. L. (2001),
    Generalizability Theory, design i:p; for crossed items the same analysis gives alpha, Hoyt, C.
    (1941), Psychometrika 6, 153-160). That one draw is harder than another counts as error here.
    `squares` is the sum of the squared points of every question of every attempt.
    """
    count = sum(totals.values())
    spread = variance(totals)
    if count < 2 or per_attempt < 2 or not spread:
        return None
    between = spread / per_attempt
    sums = sum((value * value * n for value, n in totals.items()), Fraction(0))
    within = (squares - sums / per_attempt) / (count * (per_attempt - 1))
    return _reliability(1 - within / between, spread, count, per_attempt, most)


def _reliability(
    found: Fraction | None, spread: Fraction, count: int, items: int, most: int
) -> Reliability | None:
    if found is None:
        return None
    # The standard error of measurement: deviation of the totals times the root of 1 - coefficient.
    error = math.sqrt(spread * (1 - found)) / most if 0 <= found <= 1 else None
    return Reliability(coefficient=found, error=error, count=count, items=items)
