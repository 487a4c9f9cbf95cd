"""What the department sets about personal data: times of keeping, texts of consent, holidays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from learning.audit.actions import record
from learning.privacy.kept import Kept, get_kind, kinds
from learning.privacy.models import CalendarDay, Consent, ConsentText, RetentionRule
from learning.privacy.queries import how_long

ACT = "privacy-setting-changed"


# --- every change stands in the audit log ------------------------------------------------------


def _values(instance: Any) -> dict[str, Any]:
    return {name: value for name, value in model_to_dict(instance).items() if name != "id"}


class AuditedCreate(generic.CreateView):
    """What was added is noted."""

    def save_instance(self) -> Any:
        made = super().save_instance()
        record(act=ACT, by=self.request.user, about=made, after=_values(made))
        return made


class AuditedEdit(generic.EditView):
    """What was there before is noted with what is there now."""

    def save_instance(self) -> Any:
        before = _values(self.model._default_manager.get(pk=self.form.instance.pk))
        changed = super().save_instance()
        record(act=ACT, by=self.request.user, about=changed, before=before, after=_values(changed))
        return changed


class AuditedDelete(generic.DeleteView):
    """What was taken away is noted."""

    def delete_action(self) -> None:
        record(act=ACT, by=self.request.user, about=self.object, before=_values(self.object))
        super().delete_action()


class AuditedViewSet(ModelViewSet):
    """A plain list with its forms."""

    add_view_class = AuditedCreate
    edit_view_class = AuditedEdit
    delete_view_class = AuditedDelete
    copy_view_enabled = False
    list_per_page = 100


# --- rules of retention ------------------------------------------------------------------------


def ruled_kinds() -> list[Kept]:
    """The kinds whose time a rule can set."""
    return [kept for kept in kinds() if kept.months is not None and kept.expiry is not None]


class RuleForm(WagtailAdminModelForm):
    """Which kind, how many months, by which decision."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of data"), choices=list)

    class Meta:
        model = RetentionRule
        fields = ("kind", "months", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("%(name)s (otherwise %(months)s months)")
        self.fields["kind"].choices = [
            (kept.slug, words % {"name": kept.name, "months": kept.months})
            for kept in ruled_kinds()
        ]


class _KindColumn(Column):
    def get_value(self, instance: Any) -> Any:
        kept = get_kind(instance.kind)
        return kept.name if kept else instance.kind


class _TimeColumn(Column):
    def get_value(self, instance: Any) -> Any:
        kept = get_kind(instance.kind)
        return how_long(kept, instance.months) if kept else instance.months


class RuleIndex(generic.IndexView):
    """The rules by the names people read."""

    @property
    def columns(self) -> list[Column]:
        return [
            _RuleTitle("kind", label=capfirst(_("kind of data")), get_url=self.get_edit_url),
            _TimeColumn("months", label=_("How long")),
            Column("reason", label=capfirst(_("decision or reason"))),
        ]

    @columns.setter
    def columns(self, value: Any) -> None:
        """Wagtail sets its own."""


class _RuleTitle(_KindColumn, TitleColumn):
    """The kind by its name, leading to its form."""


class RuleViewSet(AuditedViewSet):
    """Where the time of a kind differs from the house's."""

    model = RetentionRule
    name = "privacy_rules"
    icon = "date"
    menu_label = gettext_lazy("How long data is kept")
    index_view_class = RuleIndex
    ordering = ["kind"]

    def get_form_class(self, for_update: bool = False) -> type[RuleForm]:
        return RuleForm


# --- texts of consent --------------------------------------------------------------------------


def is_agreed(text: ConsentText) -> bool:
    """Whether anybody agreed to this version, withdrawn or not."""
    return Consent.objects.filter(purpose=text.purpose, version=text.version).exists()


class AgreedIsFixed:
    """For the forms that change or delete: a text somebody agreed to stays as it is."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view: Any = self
        text = ConsentText.objects.filter(pk=kwargs["pk"]).first()
        if view.user_has_permission(view.permission_required) and text and is_agreed(text):
            messages.error(
                request,
                _("Somebody agreed to this version: it stays as it is. Write a new version."),
            )
            return redirect(reverse("privacy_consents:inspect", args=[text.pk]))
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class ConsentTextEdit(AgreedIsFixed, AuditedEdit):
    """Only while nobody has agreed to it."""


class ConsentTextDelete(AgreedIsFixed, AuditedDelete):
    """Only while nobody has agreed to it."""


class ConsentTextViewSet(AuditedViewSet):
    """The words people agree to, by purpose and version."""

    model = ConsentText
    name = "privacy_consents"
    edit_view_class = ConsentTextEdit
    delete_view_class = ConsentTextDelete
    icon = "tick"
    menu_label = gettext_lazy("Texts of consent")
    list_display = ["title", "purpose", "version", "valid_from"]
    form_fields = ["purpose", "version", "title", "text", "valid_from"]
    inspect_view_enabled = True
    inspect_view_fields = ["purpose", "version", "title", "text", "valid_from"]
    ordering = ["purpose", "-valid_from"]


# --- the office calendar -----------------------------------------------------------------------


class CalendarViewSet(AuditedViewSet):
    """Days on which offices differ from the week: by them the two working days are counted."""

    model = CalendarDay
    name = "privacy_calendar"
    icon = "calendar"
    menu_label = gettext_lazy("Office calendar")
    list_display = ["day", "name", BooleanColumn("works", label=gettext_lazy("Offices work"))]
    form_fields = ["day", "name", "works"]
    ordering = ["-day"]


class PrivacyGroup(ModelViewSetGroup):
    """«Dữ liệu cá nhân» in the menu, for who may change any of it."""

    items = (RuleViewSet, ConsentTextViewSet, CalendarViewSet)
    menu_label = gettext_lazy("Personal data")
    menu_icon = "lock"
    menu_order = 265
