"""How figures add up along the tree, whatever the tree."""

import statistics
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from learning.statistics.figures import NOTHING, TENTH, Figures, Scores, percent_of, roll_up, total

STEP = 4
PERCENT = st.decimals(0, 100, places=2)


@st.composite
def trees(draw):
    """Units keyed by path; each after the first few hangs below an earlier one."""
    paths = ["0001"]
    for number in range(draw(st.integers(0, 14))):
        above = draw(st.sampled_from(["", *paths]))
        paths.append(f"{above}{number + 2:04d}")
    counts = st.integers(0, 5000)
    return {
        path: Figures(
            staff=draw(counts),
            not_started=(a := draw(counts)),
            in_progress=(b := draw(counts)),
            completed=(c := draw(counts)),
            assigned=a + b + c,
            overdue=draw(st.integers(0, a + b)),
            scores=Scores(draw(st.dictionaries(PERCENT, st.integers(1, 50), max_size=4))),
            hours=draw(st.decimals(0, 100_000, places=1)),
            certificates=draw(st.integers(0, c)),
        )
        for path in paths
    }


@given(trees())
def test_a_unit_is_its_own_people_and_its_children(own):
    rolled = roll_up(own, step=STEP)
    assert set(rolled) == set(own)
    for path, figures in rolled.items():
        children = [rolled[other] for other in own if other[:-STEP] == path]
        assert figures == total([own[path], *children])


@given(trees())
def test_the_tops_together_are_everyone(own):
    rolled = roll_up(own, step=STEP)
    tops = [rolled[path] for path in own if path[:-STEP] not in own]
    assert total(tops) == total(own.values())


@given(trees())
def test_what_holds_of_each_unit_holds_of_the_sum(own):
    for figures in roll_up(own, step=STEP).values():
        assert figures.assigned == figures.not_started + figures.in_progress + figures.completed
        assert figures.overdue <= figures.not_started + figures.in_progress
        assert figures.certificates <= figures.completed


def test_the_mean_of_a_sum_is_not_the_mean_of_means():
    one = Figures(completed=1, scores=Scores({Decimal(100): 1}))
    three = Figures(completed=3, scores=Scores({Decimal(60): 3}))
    assert (one + three).mean_score == Decimal("70.0")


@given(st.lists(st.lists(PERCENT, max_size=6), max_size=5))
def test_the_median_of_a_sum_is_that_of_all_its_people(units):
    summed = total(Figures(scores=Scores(Counter(unit))) for unit in units)
    everyone = [score for unit in units for score in unit]
    assert summed.scores.counts == Counter(everyone)
    expected = statistics.median(everyone).quantize(TENTH, ROUND_HALF_UP) if everyone else None
    assert summed.median_score == expected


def test_late_and_overdue_are_those_who_missed_their_day():
    assert Figures(timed=3, on_time=2, overdue=1).on_time_rate == Decimal("50.0")
    assert Figures(completed=4).on_time_rate is None


def test_shares_are_rounded_half_up_to_one_place():
    assert percent_of(171, 200) == Decimal("85.5")
    assert percent_of(1, 3) == Decimal("33.3")
    assert percent_of(1, 2000) == Decimal("0.1")
    assert percent_of(0, 0) is None
    assert NOTHING.rate is None
    assert NOTHING.mean_score is None
