"""Which design a paper has: that of its template version, whatever the template became since."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from learning.audit.actions import record
from learning.certificates.models import Certificate
from learning.certificates.paper.design import PICTURES, Design, house_design
from learning.certificates.paper.models import PaperPicture, PaperTemplate, TemplateVersion

_DEFAULT_NAME = "Mẫu chung"


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


# A version never changes, so what was read once holds for the process; `None` is not kept.
def _design_by_label(label: str) -> Design | None:
    template, dot, number = label.partition(".")
    if not (dot and template.isdecimal() and number.isdecimal()):
        return None
    try:
        return _kept_design(int(template), int(number))
    except TemplateVersion.DoesNotExist:
        return None


@lru_cache(maxsize=64)
def _kept_design(template: int, number: int) -> Design:
    return design_of_version(
        TemplateVersion.objects.select_related(*PICTURES).get(template=template, number=number)
    )


def issuing_terms(*, course_key: UUID | None, language: str = "vi") -> dict[str, Any]:
    """What a certificate takes over from its template when it is issued, by field name."""
    version = current_version(course_key)
    words = design_of_version(version).words(language)
    return {
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
    kept = design.as_json()
    same = last is not None and all(
        getattr(last, f"{name}_id") == (picture.pk if picture else None)
        for name in PICTURES
        for picture in (pictures.get(name),)
    )
    if last is not None and same and last.design == _as_stored(kept):
        return last
    version = TemplateVersion.objects.create(
        template=template,
        number=last.number + 1 if last else 1,
        design=_as_stored(kept),
        note=note,
        made_by=by,
        **{name: pictures.get(name) for name in PICTURES},
    )
    record(
        act="certificates.template_version",
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
    version, _made = TemplateVersion.objects.get_or_create(
        template=template, number=1, defaults={"design": _as_stored(house_design().as_json())}
    )
    return version


def _default() -> Q:
    return Q(template__is_default=True)


def _as_stored(value: Any) -> Any:
    """As JSON gives it back: tuples are lists there."""
    if isinstance(value, dict):
        return {key: _as_stored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_stored(item) for item in value]
    return value
