"""Signatures: made by the server or outside, believed only after validation."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import page
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader

from learning.audit.models import Entry
from learning.certificates.actions import revoke_certificate
from learning.certificates.hashes import paper_with
from learning.certificates.models import CertificateFile, PaperHash, PaperSignature, SigningBatch
from learning.certificates.paper.design import house_design
from learning.certificates.paper.rendering import render_pdf
from learning.certificates.paper.sample import sample_certificate
from learning.certificates.signing import validate
from learning.certificates.signing.actions import (
    sign_paper,
    sign_waiting,
    take_in,
    take_out,
    write_zip,
)
from learning.certificates.signing.authority import PASSPHRASE, Authority, ensure_authority
from learning.certificates.signing.keys import Keys, load_keys
from learning.certificates.signing.making import sign_pdf
from learning.certificates.signing.queries import counts, waiting
from learning.certificates.signing.validating import Verdict
from learning.certificates.tasks import render_certificate
from tests.factories import UserFactory, make_editor

NO_TOKEN = "The token can't be opened: %(error)s"
UNTRUSTED = "Signed by %(who)s, unchanged since; but the authority behind it is not one of ours."
TEST = "It was made with a test key and is without value."
pytestmark = pytest.mark.django_db


def not_believed() -> str:
    return f"{_(UNTRUSTED) % {'who': 'THỬ NGHIỆM - Sở thí dụ'}} {_(TEST)}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return ensure_authority(tmp_path_factory.mktemp("authority") / "ours")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory) -> Authority:
    """Another authority, which nobody here believes; its signer's certificate is over."""
    return ensure_authority(
        tmp_path_factory.mktemp("authority") / "other", until=timezone.now() - timedelta(hours=1)
    )


@pytest.fixture
def signing(settings, authority):
    """Choose how the server signs: `signing("pkcs12")`; the test authority's root is believed."""

    def choose(way: str, **changed) -> None:
        settings.CERTIFICATE_SIGNING = {
            **settings.CERTIFICATE_SIGNING,
            "with": way,
            "pkcs12": str(authority.signer),
            "passphrase": PASSPHRASE,
            "trusted": [str(authority.root)],
            "revoked": [str(authority.revoked)],
            "test_authority": authority.folder,
            **changed,
        }

    choose("")
    return choose


@pytest.fixture
def draw(issue_drawn):
    """A certificate with its paper drawn."""

    def drawn(**changed) -> CertificateFile:
        return CertificateFile.objects.get(certificate=issue_drawn(**changed))

    return drawn


def bytes_of(field) -> bytes:
    with field.open("rb") as kept:
        return kept.read()


def outside(pdf: bytes) -> bytes:
    """Signed with the agency's own tool: one that knows the key and nothing of this house."""
    keys = load_keys()
    return sign_pdf(pdf, Keys(keys.signer, None, is_test=False)).pdf


@pytest.fixture
def signed_outside(signing):
    """Sign bytes as the agency's tool would, while the server has no key."""

    def sign(pdf: bytes) -> bytes:
        signing("pkcs12")
        made = outside(pdf)
        signing("")
        return made

    return sign


# --- by the server ----------------------------------------------------------------------------
def test_with_timestamps_a_paper_is_signed_for_good(signing, draw):
    signing("test")
    paper = draw()
    signature = paper.certificate.signature
    drawn, signed = bytes_of(paper.file), bytes_of(signature.file)
    assert (signature.is_signed, signature.level, signature.is_test) == (True, "B-LTA", True)
    assert signed.startswith(drawn)
    assert len(signed) < 150_000
    rects = [field["/Rect"] for field in PdfReader(io.BytesIO(signed)).pages[0]["/Annots"]]
    assert all(rect[2] < 0 and rect[3] < 0 for rect in rects)
    assert len(rects) == 2
    assert signature.sha256 == hashlib.sha256(signed).hexdigest()
    assert paper_with(signature.sha256).kind == PaperHash.Kind.SIGNED
    told = str(validate(signed))
    assert "THỬ NGHIỆM" in told
    assert _(TEST) in told


def test_without_timestamps_and_without_lists_of_revoked_ones(signing, draw):
    signing("pkcs12")
    assert draw().certificate.signature.level == "B-B"
    signing("test", revoked=[])
    keys = load_keys()
    pdf = bytes_of(draw().file)
    signing("pkcs12", revoked=[])  # nobody tells what is revoked: B-T instead of B-LTA
    assert sign_pdf(pdf, keys).level == "B-T"


def test_its_holder_gets_the_signed_paper(signing, draw, client, mailoutbox):
    signing("pkcs12")
    paper = draw()
    client.force_login(paper.certificate.enrolment.user)
    reply = client.get(reverse("certificates:pdf", args=[paper.certificate.code]))
    content = b"".join(reply.streaming_content)
    assert hashlib.sha256(content).hexdigest() == paper.certificate.signature.sha256
    assert mailoutbox[0].attachments[0][1] == content
    assert _("Digitally signed") in client.get(reverse("certificates:mine")).content.decode()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"pkcs12": "/nowhere/key.p12"}, "The key's file can't be read."),
        ({"passphrase": "sai"}, "The key's file can't be opened with its passphrase."),
        ({"with": "pkcs11", "pkcs11_module": "/nowhere.so"}, NO_TOKEN),
        ({"trusted": []}, None),
    ],
)
def test_without_a_key_that_works_papers_wait_and_say_why(signing, draw, client, changed, why):
    signing(changed.pop("with", "pkcs12"), **changed)
    paper = draw()
    signature = paper.certificate.signature
    assert (signature.is_signed, signature.tries) == (False, 1)
    said = _(why) % {"error": "PKCS11Error"} if why else not_believed()
    assert signature.last_error == said
    assert list(waiting()) == [paper]
    client.force_login(paper.certificate.enrolment.user)
    assert (
        _("Waiting to be digitally signed")
        in client.get(reverse("certificates:mine")).content.decode()
    )
    signing("pkcs12")
    assert sign_waiting() == (1, 0)
    signature.refresh_from_db()
    assert (signature.is_signed, signature.last_error) == (True, "")


def test_an_expired_key_signs_nothing(signing, draw, stranger):
    signing("pkcs12", pkcs12=str(stranger.signer))
    paper = draw()
    day = timezone.localdate(timezone.now() - timedelta(hours=1))
    why = _("The signer's certificate expired on %(day)s.") % {"day": f"{day:%d/%m/%Y}"}
    assert paper.certificate.signature.last_error == why
    with pytest.raises(CommandError, match=re.escape(why)):
        call_command("sign_certificates")
    assert counts() == {"signed": 0, "waiting": 1, "out": 0}


def test_a_silent_timestamp_authority_leaves_papers_waiting(signing, draw):
    signing("pkcs12", tsa="http://127.0.0.1:1/")
    signature = draw().certificate.signature
    assert signature.is_signed is False
    assert signature.last_error == _("The timestamp authority does not answer.")


def test_a_disk_that_fails_in_the_middle_is_made_good_and_none_is_signed_twice(
    signing, draw, monkeypatch, tmp_path, paper_storage
):
    papers = [draw() for _n in range(3)]
    signing("pkcs12")
    assert sign_waiting(most=1) == (1, 2)
    first = PaperSignature.objects.get(signed_at__isnull=False)
    signed_folder = Path(paper_storage.location) / "signed"
    sound = signed_folder.rename(tmp_path / "aside")
    signed_folder.write_text("a file where the folder should be")
    assert sign_waiting() == (0, 2)
    signed_folder.unlink()
    sound.rename(signed_folder)
    assert sign_waiting() == (2, 0)
    assert sign_waiting() == (0, 0)
    kept = [path for path in signed_folder.rglob("*") if path.is_file()]
    assert len(kept) == len(papers)
    assert PaperSignature.objects.get(pk=first.pk).signed_at == first.signed_at


def test_two_workers_at_one_paper_leave_one_signature(signing, draw):
    paper = draw()
    signing("pkcs12")
    assert sign_paper(paper)
    before = PaperSignature.objects.get()
    render_certificate.call(paper.certificate_id)
    assert sign_paper(CertificateFile.objects.get(pk=paper.pk))
    assert PaperSignature.objects.get().sha256 == before.sha256


def test_what_is_revoked_is_not_signed(signing, draw):
    paper = draw()
    revoke_certificate(certificate=paper.certificate, reason="Cấp nhầm", by=UserFactory())
    signing("pkcs12")
    assert sign_waiting() == (0, 0)


# --- taken out, signed outside, taken in ----------------------------------------------------------
def test_a_batch_goes_out_and_comes_back_signed(signed_outside, draw):
    officer = UserFactory()
    papers = [draw(), draw()]
    batch = take_out(by=officer)
    packed = io.BytesIO()
    write_zip(batch, packed)
    back = io.BytesIO()
    with zipfile.ZipFile(packed) as out, zipfile.ZipFile(back, "w") as into:
        assert out.namelist() == [f"{paper.certificate.code}.pdf" for paper in papers]
        for number, name in enumerate(out.namelist()):
            # The tool may call them as it likes.
            into.writestr(f"Da ky/{number}_signed.PDF", signed_outside(out.read(name)))
    taken = take_in(by=officer, files=[("ky.zip", back)])
    assert [(one.state, one.certificate) for one in taken] == [
        ("signed", paper.certificate) for paper in papers
    ]
    assert counts() == {"signed": 2, "waiting": 0, "out": 0}
    assert PaperSignature.objects.filter(batch=batch, level="B-B").count() == 2
    again = take_in(by=officer, files=[("ky.zip", back)])
    assert [one.state for one in again] == ["already", "already"]
    acts = Entry.objects.values_list("act", flat=True)
    assert list(acts).count("certificates-signed-outside") == 1


def test_a_paper_may_go_out_again_after_those_that_never_were(signing, draw):
    officer = UserFactory()
    first, second = draw(), draw()
    assert take_out(by=officer, most=1).papers.get().certificate == first.certificate
    assert take_out(by=officer, most=1).papers.get().certificate == second.certificate
    assert take_out(by=officer).papers.count() == 2


def refused(officer, pdf: bytes) -> str:
    [one] = take_in(by=officer, files=[("a.pdf", io.BytesIO(pdf))])
    assert one.state == "refused"
    assert PaperSignature.objects.filter(signed_at__isnull=False).count() == 0
    return one.why


def test_what_is_not_a_signed_paper_of_ours_is_refused(signing, signed_outside, draw, stranger):
    officer = UserFactory()
    paper = draw()
    drawn = bytes_of(paper.file)
    signed = signed_outside(drawn)
    assert refused(officer, drawn) == str(Verdict("none"))
    damaged = _("This is no PDF, or it is damaged or above 2 MB.")
    assert refused(officer, b"%PDX-") == damaged
    assert refused(officer, signed + b"\0" * 2_200_000) == damaged
    # One byte of the paper, of what the signature adds, of the signature itself.
    for place in (500, drawn.index(b"/Title"), len(drawn) + 40, signed.index(b"/Contents <") + 400):
        changed = bytearray(signed)
        changed[place] ^= 1
        assert refused(officer, bytes(changed))
    # A paper that was drawn elsewhere, signed well.
    assert refused(officer, signed_outside(render_pdf(sample_certificate(house_design()))))
    # Somebody signed it whom nobody here believes.
    signing("", trusted=[str(stranger.root)])
    assert refused(officer, signed) == not_believed()


def test_a_signature_of_one_paper_does_not_sign_another(signed_outside, draw):
    officer = UserFactory()
    mine, hers = draw(full_name="Nguyễn Mẫu An"), draw(full_name="Trần Thí Dụ Bình")
    signed = signed_outside(bytes_of(hers.file))
    renamed = f"{mine.certificate.code}.pdf"
    [one] = take_in(by=officer, files=[(renamed, io.BytesIO(signed))])
    assert one.certificate == hers.certificate
    grafted = bytes_of(mine.file) + signed[len(bytes_of(hers.file)) :]
    [other] = take_in(by=officer, files=[(renamed, io.BytesIO(grafted))])
    assert other.state == "refused"
    assert list(waiting()) == [mine]


def test_a_damaged_zip_takes_in_what_is_whole(signed_outside, draw):
    good = signed_outside(bytes_of(draw().file))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        into.writestr("a.pdf", good)
        into.writestr("b.pdf", b"%PDF-1.7 cut")
        into.writestr("readme.txt", "x")
    data = bytearray(packed.getvalue())
    data[data.index(b"%PDF-1.7 cut") + 9] ^= 1
    taken = take_in(by=UserFactory(), files=[("ky.zip", io.BytesIO(bytes(data)))])
    assert [one.state for one in taken] == ["signed", "refused"]


# --- the page in the admin --------------------------------------------------------------------
@pytest.fixture
def officer_client(client):
    """Somebody who may have papers signed, and nothing else in the admin."""
    officer = UserFactory()
    officer.user_permissions.add(
        *Permission.objects.filter(codename__in=("sign_papers", "access_admin"))
    )
    client.force_login(officer)
    return client


def test_the_page_takes_out_and_in(officer_client, signed_outside, draw):
    paper = draw()
    address = reverse("certificates_signing")
    officer_client.post(address, {"out": "1"})
    batch = PaperSignature.objects.get().batch
    reply = officer_client.get(reverse("certificates_signing_batch", args=[batch.key]))
    with zipfile.ZipFile(io.BytesIO(b"".join(reply.streaming_content))) as packed:
        [name] = packed.namelist()
        drawn = packed.read(name)
    sent = [
        SimpleUploadedFile("da-ky.pdf", signed_outside(drawn)),
        SimpleUploadedFile("khac.pdf", b"%PDF-1.7 other"),
    ]
    reply = officer_client.post(address, {"signed": sent})
    assert [one.state for one in reply.context["taken"]] == ["signed", "refused"]
    assert reply.context["counts"] == {"signed": 1, "waiting": 0, "out": 0}
    assert paper.certificate.number_text in reply.content.decode()
    assert officer_client.post(address, {}).context["form"].errors


def test_the_page_says_why_papers_wait_and_signs_when_it_can(officer_client, signing, draw):
    address = reverse("certificates_signing")
    draw()
    signing("pkcs12", pkcs12="/nowhere.p12")
    assert officer_client.get(address).context["key"] == {
        "problem": _("The key's file can't be read.")
    }
    officer_client.post(address, {"sign": "1"})
    assert counts()["waiting"] == 1
    signing("test")
    assert officer_client.get(address).context["key"]["is_test"] is True
    officer_client.post(address, {"sign": "1"})
    assert counts() == {"signed": 1, "waiting": 0, "out": 0}


def test_only_who_may_sign_comes_in(client, signing, draw):
    batch = take_out(by=UserFactory())
    editor = make_editor()
    for address in (
        reverse("certificates_signing"),
        reverse("certificates_signing_batch", args=[batch.key]),
    ):
        assert editor.get(address).status_code == 302
        assert client.get(address).status_code == 302
    editor.post(reverse("certificates_signing"), {"out": "1"})
    assert batch.papers.count() == 0
    assert SigningBatch.objects.count() == 1


def test_signing_leaves_the_archives_and_the_readers_format(signing):
    """By the word of another program. It wants one signature a file, as one covers all of it; the
    timestamp that keeps B-LTA good for years covers the first, which so covers only its part."""
    signing("test")
    sample = render_pdf(sample_certificate(house_design()))
    for_good = sign_pdf(sample, load_keys())
    signing("pkcs12")
    plain = sign_pdf(sample, load_keys())
    assert (for_good.level, plain.level) == ("B-LTA", "B-B")
    for signed, archive in ((plain, []), (for_good, ["PDFA2A-SIGNATURE-BYTERANGE-001"])):
        found = {
            profile.name: [
                one.rule_id for one in page.validate_pdf_bytes(signed.pdf, profile=profile).failures
            ]
            for profile in (page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1)
        }
        assert found == {"PDF_A_2A": archive, "PDF_UA_1": []}
        assert len(signed.pdf) < 150_000


def test_the_letter_waits_for_the_signature_and_brings_the_signed_paper(
    signing, draw, mailoutbox, django_capture_on_commit_callbacks
):
    signing("pkcs12", pkcs12="/nowhere/key.p12", mail_waits=True)
    paper = draw()
    assert mailoutbox == []
    signing("pkcs12", mail_waits=True)
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sign_waiting()
    [letter] = mailoutbox
    paper.certificate.signature.refresh_from_db()
    sent = hashlib.sha256(letter.attachments[0][1]).hexdigest()
    assert sent == paper.certificate.signature.sha256


def test_it_waits_for_a_signature_made_outside_too(
    signing, draw, mailoutbox, django_capture_on_commit_callbacks
):
    signing("", mail_waits=True)
    paper = draw()
    assert mailoutbox == []
    signing("pkcs12", mail_waits=True)
    signed = sign_pdf(bytes_of(paper.file), load_keys()).pdf
    signing("", mail_waits=True)
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            take_in(by=UserFactory(), files=[("a.pdf", io.BytesIO(signed))])
    [letter] = mailoutbox
    assert letter.attachments[0][1] == signed
