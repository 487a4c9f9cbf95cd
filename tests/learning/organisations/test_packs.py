"""Units from a file: checked whole, added in bulk, nothing that is there touched."""

import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning.organisations.models import EarlierState, Succession, Unit, UnitKind
from learning.organisations.packs import UnitPackError, load_units, read_units
from learning.organisations.queries import tree_on, unit_on, units_standing_for
from tests.learning.organisations.factories import make_unit

pytestmark = pytest.mark.django_db
CITY = Path(__file__).parents[3] / "site" / "portal" / "operations" / "city.yaml"
FIRST = datetime.date(2025, 7, 1)


def written(tmp_path, text):
    path = tmp_path / "units.yaml"
    path.write_text("defaults: {from: 2025-07-01}\nunits:\n" + text, encoding="utf-8")
    return path


def problems(tmp_path, text):
    with pytest.raises(UnitPackError) as caught:
        read_units(written(tmp_path, text))
    return caught.value.problems


def test_the_city_of_today_and_of_the_letter():
    done = load_units(read_units(CITY))
    assert Unit.find_problems() == ([], [], [], [], [])
    today = list(Unit.objects.all().current(on=FIRST))
    assert sum(unit.kind in ("ward", "commune", "special_zone") for unit in today) == 114
    districts = Unit.objects.filter(kind=UnitKind.DISTRICT)
    assert {unit.valid_to for unit in districts} == {datetime.date(2025, 6, 30)}
    assert districts.count() == 15
    standing = units_standing_for([unit.pk for unit in districts], today=FIRST)
    assert sum(len(units) for units in standing.values()) == 50
    le_chan = Unit.objects.get(code="q-le-chan")
    names = Unit.objects.filter(pk__in=standing[le_chan.pk]).values_list("name", flat=True)
    assert set(names) == {"Phường Lê Chân", "Phường An Biên"}
    letter = datetime.date(2024, 4, 15)
    thuy_nguyen = Unit.objects.get(code="h-thuy-nguyen")
    assert unit_on(thuy_nguyen, letter).name == "Huyện Thủy Nguyên"
    assert unit_on(thuy_nguyen, FIRST - datetime.timedelta(days=1)).name == "Thành phố Thủy Nguyên"
    assert sum(unit.kind == UnitKind.DISTRICT for unit in tree_on(letter).values()) == 15
    assert len(done.created) == Unit.objects.count()


def test_loading_again_changes_nothing_and_undoes_no_decision():
    units = read_units(CITY)
    load_units(units)
    Unit.objects.filter(code="p-le-chan").update(name="Phường Khác")
    made = (Unit.objects.count(), EarlierState.objects.count(), Succession.objects.count())
    again = load_units(units)
    assert (again.created, again.differing) == ([], ["p-le-chan"])
    assert Unit.objects.get(code="p-le-chan").name == "Phường Khác"
    counts = (Unit.objects.count(), EarlierState.objects.count(), Succession.objects.count())
    assert counts == made


def test_what_is_missing_is_added_beside_what_is_there(tmp_path):
    above = make_unit("Thành phố")
    kept = make_unit("Sở Cũ", parent=above)
    text = (
        f"- {{code: so-moi, name: Sở Mới, kind: department, parent: {above.code}}}\n"
        "- {code: phong, name: Phòng, kind: division, parent: so-moi}\n"
        f"- {{code: {kept.code}, name: Sở Cũ, kind: division, parent: {above.code}}}\n"
        "- {code: khac, name: Khác, kind: enterprise}\n"
    )
    done = load_units(read_units(written(tmp_path, text)))
    assert (sorted(done.created), done.present) == (["khac", "phong", "so-moi"], [kept.code])
    assert Unit.objects.get(code="phong").get_parent().get_parent() == above
    assert Unit.objects.get(code="khac").depth == 1
    assert Unit.find_problems() == ([], [], [], [], [])
    child = Unit.objects.get(code="so-moi").add_child(
        instance=Unit(code="z", name="Z", kind="ward")
    )
    assert child.depth == 3


def test_queries_do_not_grow_with_the_number_of_units(tmp_path):
    def queries(prefix, count):
        lines = [f"- {{code: {prefix}, name: A, kind: city}}\n"]
        lines += [
            f"- {{code: {prefix}{n}, name: B, kind: ward, parent: {prefix}}}\n"
            for n in range(count)
        ]
        units = read_units(written(tmp_path, "".join(lines)))
        with CaptureQueriesContext(connection) as counted:
            load_units(units)
        return len(counted)

    assert queries("a", 3) == queries("b", 60)


@pytest.mark.parametrize(
    "entry",
    [
        "- {code: có dấu, name: A, kind: ward}",
        "- {code: a, name: '', kind: ward}",
        "- {code: a, name: A, kind: palace}",
        "- {code: a, name: A, kind: ward, colour: red}",
        "- {code: a, name: A, kind: ward, to: 2025-06-30}",
        "- {code: a, name: A, kind: ward, from: soon}",
        "- {code: a, name: A, kind: ward, parent: nowhere}",
        "- {code: a, name: A, kind: ward, successors: [b]}\n- {code: b, name: B, kind: ward}",
        "- {code: a, name: A, kind: ward}\n- {code: a, name: B, kind: ward}",
        "- {code: a, name: A, kind: ward, parent: b}\n- {code: b, name: B, kind: ward, parent: a}",
        "- {code: a, name: A, kind: ward, earlier: [{until: 2025-01-01, name: B}]}",
        "- just words",
    ],
)
def test_a_bad_entry_is_told_and_nothing_is_loaded(tmp_path, entry, capsys):
    told = problems(tmp_path, entry + "\n- {code: gut, name: Gut, kind: ward}\n")
    assert len(told) in (1, 2)
    path = written(tmp_path, entry + "\n")
    with pytest.raises(CommandError):
        call_command("load_units", str(path))
    assert not Unit.objects.exists()


def test_no_file_and_no_yaml_are_told(tmp_path):
    for path, text in ((tmp_path / "none.yaml", None), (tmp_path / "bad.yaml", "units: [")):
        if text:
            path.write_text(text, encoding="utf-8")
        with pytest.raises(UnitPackError):
            read_units(path)


def test_the_command_checks_and_loads(capsys):
    call_command("load_units", str(CITY), "--check")
    assert not Unit.objects.exists()
    call_command("load_units", str(CITY))
    assert Unit.objects.filter(code="dk-cat-hai").exists()
