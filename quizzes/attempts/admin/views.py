"""Outages: what was declared, and the page that declares one, after a look at what it does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from quizzes.attempts.admin.forms import OutageForm
from quizzes.attempts.models import Incident
from quizzes.attempts.times import Outage, declare_outage, preview_outage

_SHOWN = 50


class OutagesView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Declare an outage in two steps: fill in and look, then confirm."""

    permission_policy = ModelPermissionPolicy(Incident)
    permission_required = "add"
    page_title = _("Outages")
    header_icon = "warning"
    template_name = "attempts/admin/outages.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.setdefault("form", OutageForm())
        context["incidents"] = (
            Incident.objects.select_related("declared_by")
            .annotate(
                extended=Count("extensions", filter=Q(extensions__gives_attempt=False)),
                repeated=Count("extensions", filter=Q(extensions__gives_attempt=True)),
            )
            .order_by("-began_at")[:_SHOWN]
        )
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what declaring would do; do it when that was confirmed."""
        form = OutageForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        span = {name: form.cleaned_data[name] for name in ("began_at", "ended_at")}
        if "confirmed" not in request.POST:
            seen = preview_outage(**span)
            return self.render_to_response(self.get_context_data(form=form, preview=seen))
        try:
            incident, done = declare_outage(
                **span, message=form.cleaned_data["message"], user=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form))
        log(
            instance=incident,
            action="wagtail.create",
            data={"extended": done.extended, "repeated": done.repeated},
            user=request.user,
        )
        messages.success(request, told(done))
        return redirect(reverse("attempts_outages"))


def told(done: Outage) -> str:
    """What declaring an outage does, in a sentence."""
    extended = ngettext(
        "%(n)s open attempt gets its time back",
        "%(n)s open attempts get their time back",
        done.extended,
    ) % {"n": done.extended}
    repeated = ngettext(
        "%(n)s that the clock had handed in may be made once more",
        "%(n)s that the clock had handed in may be made once more",
        done.repeated,
    ) % {"n": done.repeated}
    return f"{extended}; {repeated}."
