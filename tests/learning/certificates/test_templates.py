"""Templates of papers: made and changed in the admin, never reaching back to what was issued."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from learning.audit.models import Entry
from learning.certificates.actions import reissue_certificate
from learning.certificates.models import PaperTemplate, TemplateVersion
from learning.certificates.paper.admin.forms import TemplateForm
from learning.certificates.paper.rendering import render_pdf
from learning.certificates.paper.versions import current_version
from tests.factories import EnrolmentFactory, UserFactory, make_course, make_editor
from tests.learning.certificates.factories import issue

pytestmark = pytest.mark.django_db
INDEX, ADD, EDIT = (f"certificate_templates:{name}" for name in ("index", "add", "edit"))


@pytest.fixture
def editor():
    return make_editor()


@pytest.fixture
def template() -> PaperTemplate:
    """The default template, as the first certificate makes it."""
    return current_version(None).template


def filled(template: PaperTemplate | None = None, **changed) -> dict:
    """What a browser would send of the untouched form, with `changed`."""
    form = TemplateForm(instance=template)
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    return sent | changed


def picture(size=(300, 120), name="chu-ky.png", kind="PNG") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", size, "#1d3fbb").save(drawn, kind)
    return SimpleUploadedFile(name, drawn.getvalue())


def said(pdf: bytes) -> str:
    return re.sub(r"\s", "", PdfReader(io.BytesIO(pdf)).pages[0].extract_text())


def test_a_certificate_notes_the_version_it_was_issued_by(template):
    assert issue().template_version == template.versions.get().label


def test_a_change_makes_a_version_and_never_reaches_what_was_issued(editor, template):
    old = issue()
    before = render_pdf(old)
    reply = editor.post(
        reverse(EDIT, args=[template.pk]),
        filled(
            template, vi_signer_name="Lê Thí Dụ Chi", palette="sea", what_changed="Người ký mới"
        ),
    )
    assert reply.status_code == 302
    second, first = template.versions.all()
    assert (first.number, second.number, second.note) == (1, 2, "Người ký mới")
    assert Entry.objects.filter(act="certificate-template-changed").count() == 1
    new = issue()
    assert (old.template_version, new.template_version) == (first.label, second.label)
    assert render_pdf(old) == before
    assert "LêThíDụChi" in said(render_pdf(new))


def test_saving_without_a_change_makes_no_version(editor, template):
    editor.post(reverse(EDIT, args=[template.pk]), filled(template))
    assert template.versions.count() == 1


def test_a_course_has_its_own_template_in_english(editor, template):
    course = make_course(modules=1, lessons=1, questions=1)
    editor.post(
        reverse(ADD), filled(name="Khóa quốc tế", course_key=str(course.key), language="en")
    )
    own = PaperTemplate.objects.get(name="Khóa quốc tế")
    certificate = issue(EnrolmentFactory(course_key=course.key), course_key=course.key)
    assert certificate.template_version == own.versions.get().label
    assert certificate.language == "en"
    assert "Thisistocertifythat" in said(render_pdf(certificate))
    # One that is issued again keeps its language and takes the signer of the day.
    again = reissue_certificate(certificate=certificate, full_name="Mẫu An", reason="-", by=None)
    assert again.language == "en"
    assert issue(course_key=uuid4()).language == "vi"


def test_what_a_template_leaves_out_is_not_printed(editor, template):
    editor.post(reverse(EDIT, args=[template.pk]), filled(template, shown=["unit"]))
    text = said(render_pdf(issue(position="Chuyên viên", goal_name="Mục tiêu một")))
    assert "UBNDphườngLêChân" in text
    for left_out in ("Chuyênviên", "Mụctiêumột", "Kếtquả", "Thờilượng"):
        assert left_out not in text


def test_looking_writes_nothing_and_gives_the_picture(editor, template):
    sent = filled(template, vi_attests="Trân trọng chứng nhận", preview="1", long="on")
    address = reverse(EDIT, args=[template.pk])
    reply = editor.post(address, sent, headers={"Accept": "image/png"})
    assert reply["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(reply.content)).width > 1000
    assert b'src="data:image/png;base64,' in editor.post(address, sent).content
    assert (
        b"data:image/png"
        in editor.post(reverse(ADD), filled(preview="1", course_key=str(uuid4()), name="x")).content
    )
    assert TemplateVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("vi_hours", "nhiều giờ"),
        ("vi_completed", "Đã được cấp CHỨNG CHỈ:"),
        ("vi_signer_lines", "a\nb\nc\nd"),
        ("vi_issuer_name", ""),
    ],
)
def test_a_mistake_is_told_where_it_is_and_nothing_is_lost(editor, template, field, typed):
    sent = filled(template, **{field: typed, "vi_place": "Thành phố Mẫu"})
    address = reverse(EDIT, args=[template.pk])
    reply = editor.post(address, sent)
    assert reply.status_code == 200
    form = reply.context["form"]
    assert list(form.errors) == [field]
    assert form["vi_place"].value() == "Thành phố Mẫu"
    looked = editor.post(address, sent | {"preview": "1"}, headers={"Accept": "image/png"})
    assert (looked.status_code, looked.content.decode()) == (422, form.errors[field][0])
    assert template.versions.count() == 1


def test_a_signature_is_kept_printed_and_taken_away(editor, template):
    address = reverse(EDIT, args=[template.pk])
    editor.post(address, filled(template, signature=picture()))
    signed = template.versions.first()
    assert signed.signature.name == "chu-ky.png"
    with_picture = render_pdf(issue())
    assert len(with_picture) < 150_000
    assert b"pdfaid" in with_picture
    page = PdfReader(io.BytesIO(with_picture)).pages[0]
    assert len(page.images) == 1
    # Another change keeps it; ticking it away makes a version without it.
    editor.post(address, filled(template, palette="jade"))
    assert template.versions.first().signature == signed.signature
    editor.post(address, filled(template, signature_away="on"))
    assert template.versions.first().signature is None
    assert template.versions.count() == 4


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("a.png", b"<svg onload='alert(1)'/>"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("a.png", picture().read()[:60]),
        SimpleUploadedFile("a.png", b"\0" * (2 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_picture_is_refused(editor, template, upload):
    reply = editor.post(reverse(EDIT, args=[template.pk]), filled(template, logo=upload))
    assert list(reply.context["form"].errors) == ["logo"]
    assert template.versions.count() == 1


def test_only_editors_come_in_and_nobody_deletes(client, editor, template, django_user_model):
    address = reverse(EDIT, args=[template.pk])
    assert client.get(address).status_code == 302
    assert client.get(reverse(INDEX)).status_code == 302
    assert editor.get(reverse(INDEX)).status_code == 200
    assert editor.get(address).status_code == 200
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for who in (editor, client):
        reply = who.post(reverse("certificate_templates:delete", args=[template.pk]))
        assert reply.status_code == 302
    assert PaperTemplate.objects.filter(pk=template.pk).exists()


def test_the_list_costs_as_much_for_three_as_for_one(editor, template):
    PaperTemplate.objects.create(name="Mẫu riêng", course_key=uuid4())
    with CaptureQueriesContext(connection) as first:
        editor.get(reverse(INDEX))
    for number in range(2):
        PaperTemplate.objects.create(name=f"Mẫu {number}", course_key=uuid4())
    with CaptureQueriesContext(connection) as second:
        editor.get(reverse(INDEX))
    assert len(second) == len(first)
