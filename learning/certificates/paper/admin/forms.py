"""The form of a template: what it is for, how its paper looks, what it says in each language."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from learning.certificates.paper.design import (
    LANGUAGES,
    OPTIONAL_FIELDS,
    PALETTES,
    PICTURES,
    Design,
    Wording,
    house_design,
)
from learning.certificates.paper.models import PaperPicture, PaperTemplate, TemplateVersion
from learning.certificates.paper.pictures import Picture, keep_picture, read_picture
from learning.certificates.paper.rendering import draw_paper
from learning.certificates.paper.sample import sample_certificate
from learning.certificates.paper.versions import design_of_version, newest_version, save_version
from learning.enrolments.widgets import CourseSelect
from learning.vietnamese import nfc

HEAVIEST = 150_000
_LANGUAGE_NAMES = {"vi": _("Vietnamese"), "en": _("English")}
_PICTURE_LABELS = {
    "logo": _("Logo beside the issuer"),
    "logo2": _("Logo of a partner"),
    "signature": _("Picture of the signature"),
}
# Name, label, how long at most, whether it must be there.
_WORDS: tuple[tuple[str, Any, int, bool], ...] = (
    ("issuer_parent", _("Superior of the issuer"), 120, False),
    ("issuer_name", _("Name of the issuer"), 120, True),
    ("place", _("Place"), 80, True),
    ("signer_lines", _("Office of the signer, a line each"), 200, True),
    ("signer_name", _("Name of the signer"), 120, True),
    ("attests", _("Above the name"), 80, True),
    ("completed", _("Above the course"), 120, True),
    ("hours", _("Study hours"), 60, True),
    ("note", _("Further sentence"), 200, False),
)
_HELP = {"hours": _("{hours} stands for the number."), "signer_lines": _("Three at most.")}


class TemplateForm(WagtailAdminModelForm):
    """A template and its newest version; what is not changed stays as it was."""

    palette = forms.ChoiceField(
        label=_("Colours"), choices=[(key, look.label) for key, look in PALETTES.items()]
    )
    language = forms.ChoiceField(
        label=_("Language of the paper"), choices=list(_LANGUAGE_NAMES.items())
    )
    shown = forms.MultipleChoiceField(
        label=_("What is printed beside name and course"),
        choices=OPTIONAL_FIELDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    what_changed = forms.CharField(label=_("What changed"), max_length=200, required=False)

    class Meta:
        model = PaperTemplate
        fields = ("name", "course_key")
        widgets = {"course_key": CourseSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version: TemplateVersion | None = (
            newest_version(self.instance) if self.instance.pk else None
        )
        before = design_of_version(self.version) if self.version else house_design()
        self._before = before
        if self.instance.is_default:
            del self.fields["course_key"]
        else:
            self.fields["course_key"].required = True
        for name in ("palette", "language", "shown"):
            self.fields[name].initial = getattr(before, name)
        for language in LANGUAGES:
            self._add_words(language, before.words(language))
        for name in PICTURES:
            self._add_picture(name)

    def _add_words(self, language: str, words: Wording) -> None:
        for name, label, longest, required in _WORDS:
            value = getattr(words, name)
            many = name in ("signer_lines", "note")
            self.fields[f"{language}_{name}"] = forms.CharField(
                label=label,
                max_length=longest,
                required=required,
                initial="\n".join(value) if isinstance(value, tuple) else value,
                help_text=_HELP.get(name, ""),
                widget=AdminAutoHeightTextInput() if many else None,
            )

    def _add_picture(self, name: str) -> None:
        self.fields[name] = forms.FileField(
            label=_PICTURE_LABELS[name],
            required=False,
            widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
            help_text=_("PNG, JPEG or WebP; a PNG may be see-through."),
        )
        if name in self._before.pictures:
            self.fields[f"{name}_away"] = forms.BooleanField(label=_("Print none"), required=False)

    # --- for the template ------------------------------------------------------------------------
    def of_all(self) -> list[forms.BoundField]:
        """The fields that are not of one language."""
        names = ("name", "course_key", "palette", "language", "shown")
        return [self[name] for name in names if name in self.fields]

    def of_languages(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """For each language its code, name and fields."""
        return [
            (code, _LANGUAGE_NAMES[code], [self[f"{code}_{words[0]}"] for words in _WORDS])
            for code in LANGUAGES
        ]

    def of_pictures(self) -> list[forms.BoundField]:
        """The fields of the pictures."""
        return [field for field in self if field.name.removesuffix("_away") in PICTURES]

    # --- what was typed --------------------------------------------------------------------------
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._read: dict[str, Picture] = {}
        for name in PICTURES:
            upload = self.cleaned_data.get(name)
            if upload:
                try:
                    self._read[name] = read_picture(upload)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        for language in LANGUAGES:
            self._check_words(language)
        if not self.errors:
            self._check_weight()
        return cleaned

    def _check_words(self, language: str) -> None:
        lines = f"{language}_signer_lines"
        if len(_lines(self.cleaned_data.get(lines, ""))) > 3:
            self.add_error(lines, _now("Three lines at most."))
        hours = f"{language}_hours"
        if hours in self.cleaned_data and "{hours}" not in self.cleaned_data[hours]:
            self.add_error(hours, _now("Write {hours} where the number shall stand."))
        for name in ("attests", "completed", "note"):
            field = f"{language}_{name}"
            if "chứng chỉ" in nfc(self.cleaned_data.get(field) or "").lower():
                self.add_error(
                    field,
                    _now("«Chứng chỉ» is reserved by law for certificates of training schools."),
                )

    def _check_weight(self) -> None:
        sample = sample_certificate(self.design, long=True)
        if len(draw_paper(sample, self.design)) > HEAVIEST:
            self.add_error(None, _now("The paper gets heavier than 150 KB: take simpler pictures."))

    @cached_property
    def design(self) -> Design:
        """What was typed, as a design. Only of a form without errors."""
        given = self.cleaned_data
        pictures = {
            name: svg
            for name, svg in self._before.pictures.items()
            if not given.get(f"{name}_away")
        } | {name: picture.svg for name, picture in self._read.items()}
        return Design(
            palette=given["palette"],
            language=given["language"],
            shown=tuple(name for name, _label in OPTIONAL_FIELDS if name in given["shown"]),
            wording={language: self._wording(language) for language in LANGUAGES},
            pictures=pictures,
        )

    def _wording(self, language: str) -> Wording:
        told: dict[str, Any] = {}
        for field in fields_of(Wording):
            typed = self.cleaned_data[f"{language}_{field.name}"]
            told[field.name] = _lines(typed) if field.name == "signer_lines" else nfc(typed)
        return Wording(**told)

    def save_as(self, user: Any) -> TemplateVersion:
        """Write the template and, if anything of its paper changed, a new version of it."""
        template = self.save()
        kept: dict[str, PaperPicture | None] = {}
        for name in PICTURES:
            if name in self._read:
                kept[name] = keep_picture(self._read[name])
            elif self.version is not None and name in self.design.pictures:
                kept[name] = getattr(self.version, name)
        return save_version(
            template=template,
            design=self.design,
            pictures=kept,
            by=user,
            note=nfc(self.cleaned_data["what_changed"]),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(nfc(line) for line in text.splitlines() if line.strip())
