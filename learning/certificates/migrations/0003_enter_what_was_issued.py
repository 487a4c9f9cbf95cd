"""Certificates that were issued before there was a register are entered, in the order of their
numbers; a revocation follows its issue. Their papers' hashes are noted."""

from datetime import UTC

from django.db import migrations
from django.utils import timezone

from learning.certificates.register.chain import HASHED, entry_hash
from learning.vietnamese import format_decimal, search_key


def enter(apps, _editor):
    """Fill in the new columns and write the entries. Twice does no harm."""
    certificates = apps.get_model("certificates", "Certificate")
    for certificate in certificates.objects.filter(entries__isnull=True).order_by(
        "issuer", "year", "number"
    ):
        certificate.name_search = search_key(
            f"{certificate.full_name} {certificate.number_text} {certificate.unit_name}"
        )[:400]
        if certificate.percent is not None:
            certificate.result = f"Đạt ({format_decimal(certificate.percent)}%)"
        certificate.save(update_fields=["name_search", "result"])
        _add(apps, certificate, "issued", certificate.issued_at, "")
        if certificate.status == "revoked":
            _add(apps, certificate, "revoked", certificate.revoked_at, certificate.revoked_reason)
    _note_hashes(apps)


def _add(apps, certificate, act, at, reason):
    chain, _made = apps.get_model("certificates", "RegisterChain").objects.get_or_create(
        issuer=certificate.issuer
    )
    values = {
        "issuer": certificate.issuer,
        "sequence": chain.last_sequence + 1,
        "at": max(at, chain.last_at) if chain.last_at else at,
        "act": act,
        "code": certificate.code,
        "number_text": certificate.number_text,
        "register_number": certificate.register_number,
        "full_name": certificate.full_name,
        "birth_date": None,
        "unit_name": certificate.unit_name,
        "course_key": certificate.course_key,
        "course_title": certificate.course_title,
        "result": certificate.result,
        "issued_on": timezone.localdate(certificate.issued_at),
        "expires_on": None,
        "other_number": "",
        "reason": reason,
        "by_name": "",
        "approved_by_name": "",
        "previous": chain.last_hash,
    }
    assert set(values) == set(HASHED)
    values["at"] = values["at"].astimezone(UTC)
    digest = entry_hash(values)
    apps.get_model("certificates", "RegisterEntry").objects.create(
        certificate=certificate, hash=digest, **values
    )
    chain.last_sequence, chain.last_hash, chain.last_at = values["sequence"], digest, values["at"]
    chain.save()


def _note_hashes(apps):
    hashes = apps.get_model("certificates", "PaperHash").objects
    papers = apps.get_model("certificates", "CertificateFile").objects.exclude(sha256="")
    for paper in papers.iterator():
        hashes.get_or_create(
            sha256=paper.sha256, defaults={"certificate_id": paper.certificate_id, "kind": "drawn"}
        )


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_register_and_life")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
