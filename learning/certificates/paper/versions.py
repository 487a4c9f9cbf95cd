"""Which design a paper has: that of its template version, whatever the template became since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q

from learning.audit.actions import record
from learning.certificates.models import Certificate
from learning.certificates.paper.design import PICTURES, Design, house_design
from learning.certificates.paper.models import PaperPicture, PaperTemplate, TemplateVersion

_DEFAULT_NAME = "Mẫu chung"
_CACHED = "paper-design:"
_CACHED_FOR = 24 * 60 * 60


def current_version(course_key: UUID | None) -> TemplateVersion:
    """The version by which a certificate of this course is issued now.

    The course's own template, or the default one. The default is made from the settings' issuer
    when there is none yet, so this is for writing, never for a GET.
    """
    newest = (
        TemplateVersion.objects.filter(Q(template__course_key=course_key) | _default())
        .select_related(*PICTURES)
        .order_by("template__is_default", "-number")
        .first()
    )
    return newest or _first_default()


def newest_version(template: PaperTemplate) -> TemplateVersion | None:
    """The version of this template that is used now."""
    return template.versions.select_related(*PICTURES).order_by("-number").first()


def design_of_version(version: TemplateVersion) -> Design:
    """The whole design that the version's row holds."""
    pictures = {
        name: picture.svg for name in PICTURES if (picture := getattr(version, name)) is not None
    }
    return Design.from_json(version.design, pictures)


def design_of(certificate: Certificate) -> Design:
    """The design a certificate was issued with; the house's own if it is older than templates."""
    return _design_by_label(certificate.template_version) or house_design()


def _design_by_label(label: str) -> Design | None:
    """The design that `label` names. It bears the design's digest, so what is cached never ages."""
    row, _dash, digest = label.partition("-")
    template, dot, number = row.partition(".")
    if not (dot and template.isdecimal() and number.isdecimal()):
        return None
    kept: Design | None = cache.get(_CACHED + label)
    if kept is not None:
        return kept
    version = (
        TemplateVersion.objects.filter(
            template=int(template), number=int(number), digest__startswith=digest
        )
        .select_related(*PICTURES)
        .first()
    )
    return _remember(version) if version else None


def _remember(version: TemplateVersion) -> Design:
    design = design_of_version(version)
    cache.set(_CACHED + version.label, design, _CACHED_FOR)
    return design


def issuing_terms(*, course_key: UUID | None, language: str = "") -> dict[str, Any]:
    """What a certificate takes over from its template when it is issued, by field name.

    `language` where it is given already (a certificate issued again keeps it), else the template's.
    """
    version = current_version(course_key)
    design = _remember(version)
    words = design.words(language or design.language)
    return {
        "language": language or design.language,
        "issuer_parent": words.issuer_parent,
        "issuer_name": words.issuer_name,
        "place": words.place,
        "signer_lines": list(words.signer_lines),
        "signer_name": words.signer_name,
        "template_version": version.label,
    }


@transaction.atomic
def save_version(
    *,
    template: PaperTemplate,
    design: Design,
    pictures: dict[str, PaperPicture | None],
    by: Any,
    note: str = "",
) -> TemplateVersion:
    """The template looks like this from now on; what was issued before keeps its own version.

    Nothing is written if nothing changed. `pictures` by place, those of `PICTURES`.
    """
    PaperTemplate.objects.select_for_update().get(pk=template.pk)
    last = newest_version(template)
    version = _new_row(
        template,
        last.number + 1 if last else 1,
        design,
        pictures={name: pictures.get(name) for name in PICTURES},
    )
    if last is not None and last.digest == version.digest:
        return last
    version.note, version.made_by = note, by
    version.save(force_insert=True)
    record(
        act="certificate-template-changed",
        by=by,
        about=template,
        version=version.number,
        note=note,
    )
    return version


def _first_default() -> TemplateVersion:
    try:
        with transaction.atomic():
            template = PaperTemplate.objects.create(name=_DEFAULT_NAME, is_default=True)
    except IntegrityError:
        # Somebody else made it at the same moment; or a course's template bears the name.
        template = PaperTemplate.objects.filter(is_default=True).first() or (
            PaperTemplate.objects.create(name=f"{_DEFAULT_NAME} (2)", is_default=True)
        )
    return newest_version(template) or _first_row(template)


def _first_row(template: PaperTemplate) -> TemplateVersion:
    version = _new_row(template, 1, house_design(), pictures={})
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        return TemplateVersion.objects.select_related(*PICTURES).get(template=template, number=1)
    return version


def _new_row(
    template: PaperTemplate,
    number: int,
    design: Design,
    *,
    pictures: Mapping[str, PaperPicture | None],
) -> TemplateVersion:
    """A version that is not saved yet, with the digest of all that it decides."""
    kept = _as_stored(design.as_json())
    told = {"design": kept} | {
        name: picture.digest for name in PICTURES if (picture := pictures.get(name))
    }
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return TemplateVersion(
        template=template,
        number=number,
        design=kept,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        **{name: picture for name, picture in pictures.items() if picture},
    )


def _default() -> Q:
    return Q(template__is_default=True)


def _as_stored(value: Any) -> Any:
    """As JSON gives it back: tuples are lists there."""
    if isinstance(value, dict):
        return {key: _as_stored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_stored(item) for item in value]
    return value
