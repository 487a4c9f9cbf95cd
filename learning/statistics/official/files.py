"""The report on paper as a response. It holds figures only, so nobody's data is disclosed."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import translation

from learning.organisations.models import Unit
from learning.statistics.official.docx import write_docx
from learning.statistics.official.heads import letterhead_of
from learning.statistics.official.pdf import write_pdf, write_units_pdf
from learning.statistics.official.wording import paper_of
from learning.statistics.queries import Report

# The forms of a report without anybody's name, as addresses have them.
OFFICIAL = ("docx", "pdf", "don-vi-pdf")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def official_file(report: Report, form: str, when: str) -> HttpResponse:
    """The report of `form`, one of `OFFICIAL`; `when` ends its name."""
    top = report.filters.unit or report.filters.scope.tops[0]
    head = letterhead_of(Unit.objects.get(pk=top.pk))
    with translation.override("vi"):
        if form == "docx":
            return attached(write_docx(paper_of(report), head), f"bao-cao-{when}.docx", DOCX)
        if form == "pdf":
            return attached(write_pdf(paper_of(report), head), f"bao-cao-{when}.pdf", PDF)
        return attached(write_units_pdf(report), f"bang-theo-don-vi-{when}.pdf", PDF)


def attached(made: bytes, name: str, kind: str) -> HttpResponse:
    """The file, to be kept and not shown."""
    return HttpResponse(
        made,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
