"""Small groups are not told, and can't be reckoned from what is told."""

import datetime
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.api.actions import make_token
from learning.api.models import Scope
from learning.courses.stamp import touch_content
from learning.enrolments.models import Enrolment
from learning.statistics.small import SMALL, Withheld, withhold
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.factories import enrolled, make_course

STEP = 4
TOP = "0001"


@st.composite
def trees(draw):
    """A tree of up to nine units, with how many people each has itself."""
    paths, counts = [TOP], {}
    for _number in range(draw(st.integers(0, 8))):
        parent = draw(st.sampled_from(paths))
        paths.append(f"{parent}{len(paths):04d}")
    for path in paths:
        counts[path] = draw(st.integers(0, 12))
    return counts


def lines_of(own):
    """Every line that any table over the tree may show, as what it adds up: (path, direct)."""
    found = {}
    for path in own:
        found[path, False] = {one for one in own if one.startswith(path)}
        found[path, True] = {path}
    return found


def told(own, withheld):
    """The lines that are shown: their tables are those of units that are shown."""
    return {
        key: atoms
        for key, atoms in lines_of(own).items()
        if not withheld.has(key[0], direct=key[1]) and not (key[1] and withheld.has(key[0]))
    }


def can_be_reckoned(known, wanted, atoms):
    """Is the wanted sum a combination of the known ones? By elimination, exactly."""
    order = sorted(atoms)
    rows = [[Fraction(one in line) for one in order] for line in known]
    goal = [Fraction(one in wanted) for one in order]
    for column in range(len(order)):
        pivot = next((row for row in rows if row[column] and not any(row[:column])), None)
        if pivot is None:
            continue
        for row in [*rows, goal]:
            if row is not pivot and row[column]:
                factor = row[column] / pivot[column]
                row[:] = [mine - factor * its for mine, its in zip(row, pivot, strict=True)]
    return not any(goal)


@given(trees())
def test_no_small_group_is_told_or_can_be_reckoned_from_what_is(own):
    withheld = withhold(own, top=TOP, step=STEP)
    shown = told(own, withheld)
    # A line of nobody says that each unit in it has nobody: so much is known to the reader.
    empty = {one for atoms in shown.values() if not sum(own[a] for a in atoms) for one in atoms}
    known = [*shown.values(), *({one} for one in empty)]
    for key, atoms in lines_of(own).items():
        size = sum(own[one] for one in atoms)
        if 0 < size < SMALL:
            assert key not in shown
            assert not can_be_reckoned(known, atoms, set(own)), (own, key)


@given(trees())
def test_what_lies_below_a_withheld_unit_is_withheld_too(own):
    withheld = withhold(own, top=TOP, step=STEP)
    for unit in withheld.units:
        for path in own:
            if path.startswith(unit):
                assert withheld.has(path)
                assert withheld.has(path, direct=True)


@given(trees())
def test_nothing_is_withheld_where_no_group_is_small(own):
    large = {path: count * SMALL for path, count in own.items()}
    assert withhold(large, top=TOP, step=STEP) == Withheld()


@given(trees(), st.data())
def test_what_is_forced_is_withheld_and_guarded(own, data):
    paths = sorted(own)
    forced = Withheld(frozenset(data.draw(st.lists(st.sampled_from(paths), max_size=2))))
    withheld = withhold(own, top=TOP, step=STEP, forced=forced)
    assert forced.units <= withheld.units
    known, lines = list(told(own, withheld).values()), lines_of(own)
    for unit in forced.units - {TOP}:
        size, above = (sum(own[one] for one in lines[path, False]) for path in (unit, unit[:-STEP]))
        # Nobody, or all that the unit above has: there is nothing to stand beside it.
        if 0 < size != above:
            assert not can_be_reckoned(known, lines[unit, False], set(own))
    for atoms in lines.values():
        if 0 < sum(own[one] for one in atoms) < SMALL:
            assert not can_be_reckoned(known, atoms, set(own))


def test_the_next_smallest_stands_beside_a_small_one():
    own = {TOP: 0, "00010001": 3, "00010002": 20, "00010003": 7, "00010004": 0}
    withheld = withhold(own, top=TOP, step=STEP)
    assert withheld.units == {"00010001", "00010003"}
    # Two that are small, and together too: a third one.
    own["00010003"] = 1
    assert withhold(own, top=TOP, step=STEP).units == {"00010001", "00010003", "00010002"}


# --- the API -------------------------------------------------------------------------------------


@pytest.fixture
def agency(db):
    """An agency of four rooms with 2, 6, 8 and no people; all of the second completed."""
    root = make_unit("Sở")
    rooms = [make_unit(f"Phòng {name}", parent=root) for name in ("Hai", "Sáu", "Tám", "Không")]
    course = make_course()
    for room, count in zip(rooms, (2, 6, 8, 0), strict=True):
        for number in range(count):
            done = {"completed_at": timezone.now(), "percent": f"{70 + number}"}
            finished = count == 6 or (count == 8 and number < 3)
            enrolled(make_member(room), course, **(done if finished else {}))
    return root, rooms, course


def pull(client, unit, *scopes, **asked):
    officer = make_officer(unit)
    _token, secret = make_token(
        name="Phần mềm",
        unit=unit,
        scopes=list(scopes),
        by=officer,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    headers = {"Authorization": f"Bearer {secret}"}
    return client.get("/api/v1/statistics", asked, headers=headers).json()


def assigned(answer):
    return {row["unit"]["name"]: row["assigned"] for row in answer["rows"]}


def test_without_people_small_groups_are_null_and_with_people_told(client, agency):
    root, _rooms, _course = agency
    told_all = pull(client, root, Scope.STATISTICS, Scope.PEOPLE)
    assert assigned(told_all) == {"Phòng Hai": 2, "Phòng Sáu": 6, "Phòng Tám": 8, "Phòng Không": 0}
    assert "withheld" not in told_all["total"]
    answer = pull(client, root, Scope.STATISTICS)
    assert assigned(answer) == {
        "Phòng Hai": None,
        "Phòng Sáu": None,
        "Phòng Tám": 8,
        "Phòng Không": 0,
    }
    assert answer["total"]["assigned"] == 16
    hidden = next(row for row in answer["rows"] if row["unit"]["name"] == "Phòng Hai")
    assert hidden["withheld"] is True
    assert {value for name, value in hidden.items() if name not in ("unit", "direct")} == {
        None,
        True,
    }


def test_asked_directly_a_withheld_unit_stays_withheld(client, agency):
    root, rooms, _course = agency
    officer = make_officer(root)
    _token, secret = make_token(
        name="Phần mềm",
        unit=root,
        scopes=[Scope.STATISTICS],
        by=officer,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    headers = {"Authorization": f"Bearer {secret}"}
    for room, seen in zip(rooms, (None, None, 8, 0), strict=True):
        answer = client.get("/api/v1/statistics", {"unit": room.code}, headers=headers).json()
        assert answer["total"]["assigned"] == seen
        assert {row["assigned"] for row in answer["rows"]} == {seen}


def test_means_of_few_scores_are_withheld_where_counts_are_told(client, agency):
    root, _rooms, course = agency
    # Two more make the first room large enough; three scores in the third are still few.
    for _number in range(4):
        enrolled(make_member(agency[1][0]), course, completed_at=timezone.now(), percent="90")
    answer = pull(client, root, Scope.STATISTICS)
    rows = {row["unit"]["name"]: row for row in answer["rows"]}
    assert [row["assigned"] for row in rows.values()].count(None) == 0
    third = rows["Phòng Tám"]
    assert (third["mean_score"], third["median_score"], third["completed"]) == (None, None, 3)
    assert third["withheld"] is True
    assert rows["Phòng Sáu"]["mean_score"] == 72.5
    assert rows["Phòng Hai"]["mean_score"] is None
    assert answer["total"]["mean_score"] is not None


def test_of_all_courses_what_is_withheld_of_one_is_withheld(client, agency):
    root, rooms, course = agency
    second = make_course("Bản quyền")
    for enrolment in Enrolment.objects.filter(course_key=course):
        enrolled(enrolment.user, second)
    for _number in range(9):
        enrolled(make_member(rooms[0]), second)
    assert assigned(pull(client, root, Scope.STATISTICS, course=second))["Phòng Hai"] == 11
    answer = pull(client, root, Scope.STATISTICS, course="tat-ca")
    assert assigned(answer)["Phòng Hai"] is None
    assert assigned(answer)["Phòng Sáu"] is None
    assert answer["total"]["assigned"] == 41


def test_a_token_of_a_small_unit_is_told_nothing(client, agency):
    answer = pull(client, agency[1][0], Scope.STATISTICS)
    assert answer["total"]["assigned"] is None
    assert [row["assigned"] for row in answer["rows"]] == [None]


def test_the_number_of_queries_does_not_grow(client, agency):
    root, rooms, course = agency
    touch_content()
    pull(client, root, Scope.STATISTICS)
    counts = []
    for _time in range(2):
        officer = make_officer(root)
        _token, secret = make_token(
            name="Phần mềm",
            unit=root,
            scopes=[Scope.STATISTICS],
            by=officer,
            expires_at=timezone.now() + datetime.timedelta(days=1),
        )
        with CaptureQueriesContext(connection) as found:
            client.get("/api/v1/statistics", headers={"Authorization": f"Bearer {secret}"})
        counts.append(len(found))
        for room in rooms:
            for _number in range(3):
                enrolled(make_member(room), course)
    assert counts[0] == counts[1]
