"""One page: how many papers wait and why, out with a batch, in with what was signed."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from learning.certificates.models import PaperSignature, SigningBatch
from learning.certificates.signing.actions import MOST_IN_A_BATCH, take_in, take_out, write_zip
from learning.certificates.signing.keys import CannotSignError, load_keys, signs_itself
from learning.certificates.signing.queries import counts
from learning.certificates.signing.tasks import sign_what_waits

SIGNING_URL, BATCH_URL = "certificates_signing", "certificates_signing_batch"
PERMISSION = "certificates.sign_papers"
_BIGGEST = 200 * 1024 * 1024


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Each of the files is looked at as one would be."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(_FilesField, self).clean(one, initial) for one in data or [None]]


class UploadForm(forms.Form):
    """Files from the signing tool; several at once."""

    signed = _FilesField(
        label=_("Signed files"),
        help_text=_("The ZIP with the signed PDFs, or the PDFs themselves; 200 MB at most."),
        widget=_Files(attrs={"accept": ".zip,.pdf", "multiple": True}),
    )

    def clean_signed(self) -> list[Any]:
        chosen: list[Any] = self.cleaned_data["signed"]
        if sum(one.size for one in chosen) > _BIGGEST:
            raise forms.ValidationError(_("These files are larger than 200 MB: send fewer."))
        return chosen


class SigningView(WagtailAdminTemplateMixin, TemplateView):
    """What waits; each button is a POST that may be pressed twice."""

    template_name = "certificates/admin/signing.html"
    page_title = _("Digital signatures")
    header_icon = "lock"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", UploadForm())
        waits = PaperSignature.objects.filter(signed_at__isnull=True).exclude(last_error="")
        return context | {
            "counts": counts(),
            "most": MOST_IN_A_BATCH,
            "key": _key_state(),
            "failed": waits.select_related("certificate").order_by("-pk")[:20],
            "batches": SigningBatch.objects.filter(count__gt=0).select_related("taken_by")[:10],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sign with the server's key, take a batch out, or take files in."""
        if "sign" in request.POST:
            sign_what_waits.enqueue()
            messages.success(
                request, _("The server signs what waits; reload to see how far it is.")
            )
            return redirect(SIGNING_URL)
        if "out" in request.POST:
            return _taken_out(request)
        form = UploadForm(request.POST, request.FILES)
        taken = None
        if form.is_valid():
            files = [(one.name, one) for one in form.cleaned_data["signed"]]
            taken = take_in(by=request.user, files=files)
        return self.render_to_response(
            self.get_context_data(form=UploadForm() if taken is not None else form, taken=taken)
        )


def _taken_out(request: HttpRequest) -> HttpResponse:
    batch = take_out(by=request.user)
    if not batch.count:
        messages.success(request, _("No paper waits for a signature."))
        return redirect(SIGNING_URL)
    told = ngettext(
        "%(count)s paper is ready to be signed outside.",
        "%(count)s papers are ready to be signed outside.",
        batch.count,
    )
    download = messages.button(reverse(BATCH_URL, args=[batch.key]), _("Download the ZIP"))
    messages.success(request, told % {"count": batch.count}, buttons=[download])
    return redirect(SIGNING_URL)


def _key_state() -> dict[str, Any] | None:
    """What the server signs with, or why it can't; None where papers are signed outside only."""
    if not signs_itself():
        return None
    try:
        keys = load_keys()
    except CannotSignError as error:
        return {"problem": str(error)}
    certificate = keys.signer.signing_cert
    assert certificate is not None, "load_keys has looked"
    return {
        "who": certificate.subject.native.get("common_name", ""),
        "until": certificate["tbs_certificate"]["validity"]["not_after"].native,
        "stamped": keys.timestamps is not None,
        "is_test": keys.is_test,
    }


@never_cache
def batch_zip(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The papers of a batch as they were drawn; may be fetched again."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    batch = get_object_or_404(SigningBatch, key=key)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_zip(batch, target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"ky-so-{batch}.zip")
