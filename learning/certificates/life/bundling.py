"""The papers of a unit as one ZIP with a list, made by the worker, kept for a week."""

import datetime
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import xlsxwriter
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from learning.audit.actions import record
from learning.certificates.models import Bundle, Certificate
from learning.certificates.register.files import write_lines
from learning.certificates.register.lines import lines
from learning.certificates.register.queries import Asked, certificates
from learning.certificates.signing.queries import best_file
from learning.organisations.models import Unit
from learning.vietnamese import search_key

logger = logging.getLogger(__name__)

KEPT = datetime.timedelta(days=7)
_AT_ONCE = 200
_GIVEN_UP = datetime.timedelta(hours=2)
State = Bundle.State


def papers_of(unit: Unit, year: int | None) -> QuerySet[Certificate]:
    """The certificates of a unit and those below it that are valid, in the order of numbers."""
    return certificates(Asked(unit=unit, year=year, state=Certificate.State.VALID))


@transaction.atomic
def ask_for_bundle(*, unit: Unit, year: int | None, by: Any) -> Bundle:
    """Have the papers collected; the same that is being made for the same person already."""
    now = timezone.now()
    same = Bundle.objects.filter(unit=unit, year=year, asked_by=by, state=State.WAITING)
    running = same.filter(asked_at__gt=now - _GIVEN_UP).first()
    if running is not None:
        return running
    bundle = Bundle.objects.create(
        unit=unit,
        year=year,
        asked_by=by,
        asked_at=now,
        expires_at=now + KEPT,
        total=papers_of(unit, year).count(),
    )
    record(act="certificates-bundled", by=by, about=unit, unit=unit, year=year, count=bundle.total)
    transaction.on_commit(lambda: make_bundle.enqueue(bundle.pk))
    return bundle


@task()
def make_bundle(pk: int) -> None:
    """Collect the papers. A bundle that is made or gone is left; a failure is told on its row."""
    bundle = Bundle.objects.filter(pk=pk, state=State.WAITING).select_related("unit").first()
    if bundle is None:
        return
    try:
        with tempfile.TemporaryFile(suffix=".zip") as file:
            write_bundle(bundle, file)
            file.seek(0)
            bundle.file.save(f"{bundle.key}.zip", File(file), save=False)
    except Exception:
        # Whatever it is, the officer is told on her page; the log has the whole of it.
        logger.exception("The papers of bundle %s could not be collected", pk)
        Bundle.objects.filter(pk=pk).update(state=State.FAILED)
        return
    Bundle.objects.filter(pk=pk).update(state=State.READY, file=bundle.file.name)


def write_bundle(bundle: Bundle, target: IO[bytes]) -> None:
    """The ZIP into `target`: a PDF each, and a workbook that says what is in it and what is not.

    One paper is in memory at a time, however many there are.
    """
    found = papers_of(bundle.unit, bundle.year)
    missing: list[str] = []
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for done, certificate in enumerate(_with_papers(found), start=1):
            paper = _bytes_of(certificate)
            if paper is None:
                missing.append(certificate.number_text)
            else:
                archive.writestr(name_of(certificate), paper)
            if done % _AT_ONCE == 0:
                Bundle.objects.filter(pk=bundle.pk).update(done=done)
        with tempfile.TemporaryFile(suffix=".xlsx") as sheet:
            _write_list(found, missing, sheet)
            sheet.seek(0)
            archive.writestr("danh-sach.xlsx", sheet.read())
    Bundle.objects.filter(pk=bundle.pk).update(done=done, total=done)


def _with_papers(found: QuerySet[Certificate]) -> Iterator[Certificate]:
    return found.select_related("paper", "signature").iterator(chunk_size=_AT_ONCE)


def _bytes_of(certificate: Certificate) -> bytes | None:
    """The PDF, or None while it is not drawn or is gone from the storage."""
    if certificate.paper.rendered_at is None:
        return None
    try:
        with best_file(certificate.paper).open("rb") as file:
            content: bytes = file.read()
            return content
    except (FileNotFoundError, ValueError):
        return None


def name_of(certificate: Certificate) -> str:
    """«2026-0123-nguyen-thi-mau.pdf»: plain letters, as old programs unpack it too."""
    key = search_key(certificate.full_name)
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in key)
    return f"{certificate.year}-{certificate.register_number}-{'-'.join(words.split())[:60]}.pdf"


def _write_list(found: QuerySet[Certificate], missing: list[str], file: IO[bytes]) -> None:
    with translation.override("vi"):
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        write_lines(book, book.add_worksheet(_("Certificates")), lines(found), bold)
        if missing:
            sheet = book.add_worksheet(_("Papers that are missing"))
            sheet.set_column(0, 0, 30)
            sheet.write_string(0, 0, _("Number"), bold)
            for place, number in enumerate(missing, start=1):
                sheet.write_string(place, 0, number)
        book.close()


def forget_bundles(*, all_of_them: bool = False) -> int:
    """Remove what has expired, files first; how many there were.

    All of them when a person's papers are erased, which may lie in any: they are soon made anew.
    """
    found = Bundle.objects.all()
    gone = 0
    for bundle in found if all_of_them else found.filter(expires_at__lt=timezone.now()):
        if bundle.file:
            bundle.file.delete(save=False)
        bundle.delete()
        gone += 1
    return gone
