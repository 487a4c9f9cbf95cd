"""In the admin: the words of each message, and the outbox with what came back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.notices.actions import resend
from learning.notices.kinds import Kind, get_kind
from learning.notices.models import DeadAddress, Letter, Text
from learning.notices.queries import dead_addresses, waiting
from learning.notices.texts import (
    TextForm,
    changes_of,
    forget_text,
    form_of,
    house_words,
    lines,
    preview_of,
    save_text,
)

CHANGE_TEXTS, SEE_LETTERS = "notices.change_text", "notices.view_letter"


class _ForEditors(PermissionCheckedMixin):
    permission_policy = ModelPermissionPolicy(Text)
    permission_required = "change"


class _TextScreen(_ForEditors, WagtailAdminTemplateMixin, TemplateView):
    """The list, and below it each text."""

    header_icon = "mail"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("notices_texts"), "label": TextsView.page_title}
        return [*super().get_breadcrumbs_items(), home, *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        """The steps below the list."""
        return []


class TextsView(_TextScreen):
    """Every kind of message, and whether its words are the house's."""

    page_title = _("Texts of messages")
    template_name = "notices/admin/texts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lines": lines()}


class TextView(_TextScreen):
    """One kind: `do` = look shows what was typed as a letter, save keeps it, reset gives it up."""

    template_name = "notices/admin/text.html"
    form: TextForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            self.kind: Kind = get_kind(kwargs["kind"])
        except KeyError as error:
            raise Http404 from error

    def get_page_title(self) -> str:
        return str(self.kind.name)

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        do = request.POST.get("do", "look")
        if do == "reset":
            forget_text(self.kind, by=request.user)
            messages.success(request, _("The house's words are back."))
            return redirect("notices_texts")
        self.form = form_of(self.kind, request.POST)
        if do == "save" and self.form.is_valid():
            save_text(self.form, by=request.user)
            messages.success(request, _("The text is saved. Letters from now on have it."))
            return redirect("notices_texts")
        return self.get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form or form_of(self.kind)
        # Unbound, the form shows what is kept: looked at as if it had been typed.
        shown = form if form.is_bound else form_of(self.kind, form.initial)
        return super().get_context_data(**kwargs) | {
            "kind": self.kind,
            "form": form,
            "preview": preview_of(shown, self.kind, name=str(self.request.user)),
            "changes": changes_of(self.kind),
            "is_changed": form.instance.pk is not None,
            "house": house_words(self.kind),
            "fields": ["{" + name + "}" for name in self.kind.allowed],
        }


class OutboxView(ReportView):
    """Letters by their state; those that failed or came back can be sent again."""

    permission_policy = ModelPermissionPolicy(Letter)
    permission_required = "view"
    page_title = _("Letters")
    header_icon = "mail"
    index_url_name = "notices_outbox"
    template_name = "notices/admin/outbox.html"
    results_template_name = "notices/admin/outbox_results.html"
    paginate_by = 50

    @property
    def state(self) -> str:
        """The state the list is narrowed to, or nothing."""
        asked = self.request.GET.get("trang-thai", "")
        return asked if asked in Letter.State.values else ""

    def get_queryset(self) -> Any:
        found = Letter.objects.select_related("person").order_by("-pk")
        return found.filter(state=self.state) if self.state else found

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        tell_disclosure(
            how=Disclosure.How.VIEWED,
            what="letters",
            by=self.request.user,
            count=len(context["object_list"]),
        )
        return context | {
            "states": Letter.State.choices,
            "chosen": self.state,
            "dead": DeadAddress.objects.count(),
            "waiting": waiting(),
            "again": [str(Letter.State.FAILED), str(Letter.State.BOUNCED)],
            "may_send": self.request.user.has_perm("notices.change_letter"),
        }


class DeadAddressesView(ReportView):
    """Addresses that mail came back from, whose they are, and what the server said."""

    permission_policy = ModelPermissionPolicy(Letter)
    permission_required = "view"
    page_title = _("Addresses that reach nobody")
    header_icon = "mail"
    index_url_name = "notices_dead"
    template_name = "notices/admin/dead.html"
    results_template_name = "notices/admin/dead_results.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        return dead_addresses()


class SendAgainView(PermissionCheckedMixin, TemplateView):
    """Queue one letter again, by POST alone."""

    permission_policy = ModelPermissionPolicy(Letter)
    permission_required = "change"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letter = get_object_or_404(Letter, pk=kwargs["pk"])
        if resend(letter=letter, by=request.user):
            messages.success(request, _("The letter waits to be sent again."))
        else:
            messages.warning(request, _("This letter neither failed nor came back."))
        return redirect(reverse("notices_outbox"))
