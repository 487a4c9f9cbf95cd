"""A long list is made into a file by the worker, for who asked and for nobody else."""

import csv
import datetime
import hashlib
import io
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Disclosure
from learning.organisations.models import Responsibility
from learning.statistics.exporting import making
from learning.statistics.exporting.actions import sweep
from learning.statistics.exporting.models import Export
from tests.learning.statistics.screens import export, listed, people

State = Export.State
ALL = ["Vũ Mẫu An", "Trần Thí Dụ Ánh", "Đỗ Mẫu Dũng", "Lê Mẫu Đức", "Phạm Mẫu Hòa"]


@pytest.fixture
def officer(client, city, settings, private_files):
    settings.STATISTICS_EXPORT_AT_ONCE = {"csv": 3, "xlsx": 3}
    client.force_login(city.officer)
    return client


@pytest.fixture
def ask(officer, django_capture_on_commit_callbacks):
    """Ask for a file as the menu does; `work` lets the worker make it at once."""

    def asked(form="csv", *, work=True, **question):
        address = export(officer, form, **question).url
        with django_capture_on_commit_callbacks(execute=work):
            response = officer.post(address)
        return Export.objects.get(pk=response.url.rstrip("/").rsplit("/", 1)[-1])

    return asked


def page(client, found, name="exported"):
    return client.get(reverse(f"statistics:{name}", kwargs={"pk": found.pk}))


def act(client, found, what):
    return client.post(reverse("statistics:export_act", kwargs={"pk": found.pk, "what": what}))


def content(client, found):
    return b"".join(page(client, found, "export_fetch").streaming_content)


def names(blob):
    rows = list(csv.reader(io.StringIO(blob.decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


def test_a_short_list_is_sent_at_once(officer, city):
    response = export(officer, "csv", **{"don-vi": city.room.pk})
    assert len(names(b"".join(response.streaming_content))) == 3
    assert not Export.objects.exists()


def test_a_long_list_is_announced_with_its_length_and_made_when_asked_for(officer, city, ask):
    first = export(officer, "csv", **{"trang-thai": ""})
    assert 'data-people="5"' in officer.get(first.url).content.decode()
    assert not Export.objects.exists()
    found = ask()
    assert (found.state, found.total, found.done) == (State.DONE, 5, 5)
    blob = content(officer, found)
    assert names(blob) == ALL == listed(people(officer))
    assert (found.size, found.digest) == (len(blob), hashlib.sha256(blob).hexdigest())
    kept = found.expires_at - found.finished_at
    assert kept == datetime.timedelta(days=7)


def test_the_file_answers_the_question_of_the_screen(officer, city, ask):
    found = ask("xlsx", **{"don-vi": city.one.pk, "trang-thai": ""})
    asked = dict(parse_qsl(found.question))
    assert asked["don-vi"] == str(city.one.pk)
    book = openpyxl.load_workbook(io.BytesIO(content(officer, found)))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == ALL


def test_it_is_told_who_took_whose_data_away(officer, city, ask):
    found = ask()
    assert not Disclosure.objects.filter(how="exported").exists()
    content(officer, found)
    told = Disclosure.objects.get(how="exported")
    assert (told.by, told.unit_key, told.count, told.what) == (
        city.officer,
        city.one.pk,
        5,
        "learners",
    )


def test_asked_for_twice_it_is_made_once(ask):
    assert ask(work=False) == ask(work=False)


def test_progress_is_told_and_one_may_cancel(officer, ask, monkeypatch):
    found = ask(work=False)
    Export.objects.filter(pk=found.pk).update(state=State.RUNNING, done=2)
    told = page(officer, found, "export_progress").json()
    assert (told["running"], told["percent"], told["done"]) == (True, 40, 2)
    assert "data-progress=" in page(officer, found).content.decode()
    act(officer, found, "huy")
    found.refresh_from_db()
    assert found.state == State.CANCELLED
    assert page(officer, found, "export_fetch").status_code == 302


def test_cancelled_in_the_middle_nothing_is_left(officer, ask, monkeypatch, private_files):
    monkeypatch.setattr(making, "PORTION", 2)
    found = ask(work=False)
    rows = making.person_rows

    def cancelled(filters):
        for number, row in enumerate(rows(filters)):
            if number == 1:
                act(officer, found, "huy")
            yield row

    monkeypatch.setattr(making, "person_rows", cancelled)
    making.run_export(found.pk)
    found.refresh_from_db()
    assert (found.state, found.file.name, found.done) == (State.CANCELLED, "", 0)
    assert private_files() == []


def test_what_goes_wrong_is_told_and_can_be_tried_again(
    officer, ask, monkeypatch, django_capture_on_commit_callbacks
):
    def broken(filters):
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(making, "person_rows", broken)
        found = ask()
    assert found.state == State.FAILED
    assert 'data-state="failed"' in page(officer, found).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        act(officer, found, "lam-lai")
    found.refresh_from_db()
    assert (found.state, found.done) == (State.DONE, 5)


def test_what_a_dead_worker_left_is_taken_up_three_times(officer, ask):
    found = ask(work=False)
    silent = timezone.now() - datetime.timedelta(minutes=3)
    for tries, after in ((1, State.DONE), (3, State.FAILED)):
        Export.objects.filter(pk=found.pk).update(
            state=State.RUNNING, tries=tries, touched_at=silent, file="", expires_at=None
        )
        page(officer, found, "export_progress")
        found.refresh_from_db()
        assert found.state == after


def test_after_its_time_the_file_is_gone_and_can_be_made_again(officer, ask, private_files):
    found = ask()
    assert private_files() == [found.file.name]
    Export.objects.update(expires_at=timezone.now())
    assert page(officer, found, "export_fetch").status_code == 302
    assert sweep() == 1
    found.refresh_from_db()
    assert (found.state, private_files()) == (State.EXPIRED, [])
    assert sweep(timezone.now() + datetime.timedelta(days=31)) == 0
    assert not Export.objects.exists()


def test_thrown_away_it_is_gone_with_its_file(officer, ask, private_files):
    found = ask()
    act(officer, found, "xoa")
    assert (list(Export.objects.all()), private_files()) == ([], [])


DOORS = ("exported", "export_progress", "export_fetch")


def test_nobody_else_sees_it(client, city, ask):
    found = ask()
    for person in (city.people["done"], city.other_officer, city.administrator):
        client.force_login(person)
        assert {page(client, found, door).status_code for door in DOORS} == {404}
        assert act(client, found, "xoa").status_code == 404
    assert Export.objects.filter(pk=found.pk, state=State.DONE).exists()


def test_who_has_lost_the_unit_has_lost_the_file(officer, city, ask):
    found = ask()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    mine = Responsibility.objects.filter(user=city.officer)
    mine.update(unit=city.two)
    assert {page(officer, found, door).status_code for door in DOORS} == {404}
    mine.update(unit=city.one, starts_on=yesterday, ends_on=yesterday)
    assert officer.get(reverse("statistics:exports")).status_code == 404


def test_a_role_lost_while_it_waits_leaves_no_file(city, ask, private_files):
    found = ask(work=False)
    Responsibility.objects.filter(user=city.officer).update(unit=city.two)
    making.run_export(found.pk)
    found.refresh_from_db()
    assert (found.state, private_files()) == (State.FAILED, [])


def test_her_list_of_files(officer, ask, django_assert_num_queries):
    first = ask()
    html = officer.get(reverse("statistics:exports")).content.decode()
    assert f'data-export="{first.pk}" data-state="done"' in html
    second = ask("xlsx")
    html = officer.get(reverse("statistics:exports")).content.decode()
    assert html.index(f'data-export="{second.pk}"') < html.index(f'data-export="{first.pk}"')


def test_a_form_there_is_not_is_not_found(officer):
    address = reverse("statistics:export_ask", kwargs={"form": "csv"}).replace("csv", "doc")
    assert officer.get(address).status_code == 404
    assert urlsplit(address).path.endswith("/doc/")
