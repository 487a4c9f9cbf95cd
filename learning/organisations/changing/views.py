"""Planning a change: the form, its preview, and applying it; taking back one that waits.

The preview is asked by POST, because lists of people are too long for an address; it writes
nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from learning.organisations.changing.actions import (
    ChangedSinceError,
    NotWaitingError,
    decide_change,
    take_back,
)
from learning.organisations.changing.checking import told
from learning.organisations.changing.forms import (
    FEWEST_PARTS,
    FORMS,
    MOST_PARTS,
    ChangeForm,
    SplitForm,
)
from learning.organisations.changing.plans import Kind, Target
from learning.organisations.changing.preview import Preview, make_preview, unseal
from learning.organisations.models import Unit, UnitChange
from learning.organisations.views import CHANGE, UnitScreen

SHOWN = 50
TITLES = {
    Kind.OPEN: gettext_lazy("Open a unit"),
    Kind.RENAME: gettext_lazy("Rename the unit"),
    Kind.MOVE: gettext_lazy("Move the unit"),
    Kind.MERGE: gettext_lazy("Merge units"),
    Kind.SPLIT: gettext_lazy("Split the unit"),
    Kind.CLOSE: gettext_lazy("Close the unit"),
}
_OWN = ("csrfmiddlewaretoken", "seen", "do")


class ChangeView(UnitScreen):
    """One address for all of it: GET the form, POST `do` = preview, edit or apply."""

    permission = CHANGE
    template_name = "organisations/change.html"
    kind = Kind.OPEN

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if "kind" in kwargs:
            if kwargs["kind"] not in FORMS:
                raise Http404
            self.kind = Kind(kwargs["kind"])
        pk = kwargs.get("pk") or request.GET.get("below", "")
        self.unit = get_object_or_404(Unit, pk=pk) if str(pk).isdigit() else None

    def get_page_title(self) -> str:
        return str(TITLES[self.kind])

    def get_page_subtitle(self) -> str:
        return self.unit.name if self.unit else ""

    def trail(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title()}
        if self.unit is None:
            return [here]
        address = reverse("units_unit", args=[self.unit.pk])
        return [{"url": address, "label": self.unit.label}, here]

    def form(self, data: Any = None) -> ChangeForm:
        """The form of this kind of change, with as many parts as the address or it asks for."""
        form = FORMS[self.kind]
        if issubclass(form, SplitForm):
            asked = (data or self.request.GET).get("parts", "")
            parts = int(asked) if asked.isdecimal() and len(asked) < 3 else FEWEST_PARTS
            return form(data, unit=self.unit, parts=parts)
        return form(data, unit=self.unit)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._ask(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Preview, back to the form, or apply what the preview showed."""
        if request.POST.get("do") == "part":
            return self._one_more()
        form = self.form(request.POST)
        if not form.is_valid() or request.POST.get("do") == "edit":
            return self._ask(form)
        seen = unseal(request.POST.get("seen", ""))
        if request.POST.get("do") != "apply" or seen is None:
            return self._preview(form)
        try:
            change = decide_change(plan=form.plan(), seen=seen, by=request.user)
        except ChangedSinceError as error:
            messages.warning(request, str(error))
            return self._preview(form, before=seen.counts)
        except ValidationError as error:
            messages.error(request, told(error))
            return self._ask(form)
        return self._done(change)

    def _done(self, change: UnitChange) -> HttpResponse:
        if change.applied_at:
            text = _("The change is applied.")
        else:
            text = _("The change is decided. It will be applied on its day.")
        messages.success(self.request, text)
        order = {"into": 0, "from": 1}
        parts = sorted(change.parts.all(), key=lambda part: order.get(part.side, 2))
        if not parts:
            return redirect("units_tree")
        return redirect("units_unit", pk=parts[0].unit_id)

    def _one_more(self) -> HttpResponse:
        """A split gets one part more; what was typed stays."""
        data = self.request.POST.copy()
        now = data.get("parts", "")
        parts = int(now) if now.isdecimal() and len(now) < 3 else FEWEST_PARTS
        more = min(parts + 1, MOST_PARTS)
        data["parts"] = str(more)
        bound = self.form(data)
        values = {name: bound[name].value() for name in bound.fields}
        form = SplitForm(initial=values, unit=self.unit, parts=more)
        return self._ask(form)

    def _ask(self, form: ChangeForm) -> HttpResponse:
        context = self.get_context_data(
            form=form, unit=self.unit, kind=self.kind, most_parts=MOST_PARTS
        )
        return self.render_to_response(context)

    def _preview(self, form: ChangeForm, **further: Any) -> HttpResponse:
        preview = make_preview(form.plan())
        fields = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in _OWN
            for value in values
        ]
        self.template_name = "organisations/preview.html"
        context = self.get_context_data(
            unit=self.unit,
            kind=self.kind,
            plan=preview.plan,
            preview=preview,
            fields=fields,
            seal=preview.seen.seal(),
            waits=preview.plan.day > timezone.localdate(),
            **told_of(preview),
            **further,
        )
        return self.render_to_response(context)


def told_of(preview: Preview) -> dict[str, Any]:
    """The lists of a preview in words, each cut at `SHOWN`."""
    effects, plan = preview.effects, preview.plan
    pks = {target.unit for target in plan.targets if target.unit} | set(plan.units)
    pks |= {plan.parent} if plan.parent else set()
    named = Unit.objects.in_bulk([pk for pk in pks if pk])

    def name(target: Target | None) -> str:
        if target is None:
            return str(_("the top of the tree"))
        return named[target.unit].name if target.unit else target.name

    flows = Counter(
        (row.unit.name, name(target)) for row, target in effects.people if row.ended_on is None
    )
    return {
        "sources": [named[pk].name for pk in plan.units if pk in named],
        "targets": [name(target) for target in plan.targets],
        "opened": effects.opened,
        "closed": effects.closed[:SHOWN],
        "hung": [(unit.name, name(target)) for unit, target in effects.hung[:SHOWN]],
        "flows": sorted(((*pair, count) for pair, count in flows.items()), key=lambda f: -f[2]),
        "roles": [(role, name(target) if target else "") for role, target in effects.roles[:SHOWN]],
        "further": [text % {"count": n} for text, n in sorted(preview.further.items()) if n],
    }


@require_POST
def take_back_view(request: HttpRequest, pk: int) -> HttpResponse:
    """A waiting change is taken back."""
    if not request.user.has_perm(CHANGE):
        raise Http404
    change = get_object_or_404(UnitChange, pk=pk)
    try:
        take_back(change=change, by=request.user)
    except NotWaitingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The change is taken back: it will not be applied."))
    part = change.parts.order_by("pk").first()
    return redirect("units_unit", pk=part.unit_id) if part else redirect("units_tree")
