"""Making and changing a template, with its paper beside it as it would be drawn."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic

from learning.certificates.paper.admin.forms import TemplateForm
from learning.certificates.paper.rendering import draw_preview
from learning.certificates.paper.sample import sample_certificate

_SHARP = 110


class WithPaper:
    """A view of a `TemplateForm` that shows the paper of what is typed; looking writes nothing.

    Without a script the button shows the page again with the picture; the script asks for the
    picture alone (`Accept: image/png`) and gets it, or 422 and what is wrong.
    """

    request: HttpRequest
    form: TemplateForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = self.get_object() if "pk" in kwargs or args else None  # type: ignore[attr-defined]
        self.form = self.get_form()  # type: ignore[attr-defined]
        sound = self.form.is_valid()
        if request.headers.get("Accept") != "image/png":
            return self.render_to_response(self.get_context_data())  # type: ignore[attr-defined]
        if not sound:
            told = [error for errors in self.form.errors.values() for error in errors]
            return HttpResponse(told[0], status=422, content_type="text/plain; charset=utf-8")
        return HttpResponse(self._picture(), content_type="image/png")

    def _picture(self) -> bytes:
        design = (
            self.form.design if self.form.is_bound and self.form.is_valid() else self.form._before
        )
        sample = sample_certificate(design, long="long" in self.request.POST)
        return draw_preview(sample, design, ppi=_SHARP)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = self.form
        if not form.is_bound or form.is_valid():
            context["paper"] = base64.b64encode(self._picture()).decode()
        if form.instance.pk:
            context["versions"] = form.instance.versions.select_related("made_by")[:20]
        context["long"] = "long" in self.request.POST
        return context

    def save_instance(self) -> Any:
        """Keep a new version where anything changed."""
        return self.form.save_as(self.request.user).template


class TemplateCreateView(WithPaper, generic.CreateView):
    """A template for one course."""

    success_message = _("The template was made. What is issued from now on looks like this.")


class TemplateEditView(WithPaper, generic.EditView):
    """Another version of a template."""

    success_message = _(
        "Saved. What is issued from now on looks like this; papers that were issued stay as they"
        " are."
    )
