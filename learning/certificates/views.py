"""Checking a certificate (anyone), the holder's list and the paper (those who may have it)."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.certificates import access
from learning.certificates.codes import read_code
from learning.certificates.models import Certificate
from learning.certificates.paper.rendering import paper_facts, qr_path
from learning.certificates.queries import for_user, replacement_of, with_code

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The form; with `?ma=` on to the certificate's own page, or what is wrong with the code."""
    typed = request.GET.get("ma", "").strip()[:100]
    if "ma" not in request.GET:
        return _form(request)
    code = read_code(typed)
    if code is not None and with_code(code) is not None:
        return redirect("certificates:verify_code", code=code)
    return _form(request, typed=typed, error=_what_is_wrong(typed, code))


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Is it real, does it stand? Shows what the paper shows and nothing more."""
    meant = read_code(code)
    if meant is not None and meant != code:
        return redirect("certificates:verify_code", code=meant)
    certificate = with_code(meant) if meant else None
    if certificate is None:
        return _form(request, typed=code[:100], error=_what_is_wrong(code, meant), status=404)
    revoked = certificate.status == Certificate.Status.REVOKED
    context = {
        "certificate": certificate,
        "paper": paper_facts(certificate),
        "qr": qr_path(certificate),
        "revoked": revoked,
        "replacement": replacement_of(certificate) if revoked else None,
        "now": timezone.localtime(),
    }
    return _unlisted(render(request, "certificates/verified.html", context))


@require_safe
@never_cache
@login_required
def pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The paper; while it is not drawn yet, a page that says so (202)."""
    certificate = access.get_certificate(request.user, code)
    if certificate.paper.rendered_at is not None:
        try:
            return FileResponse(
                certificate.paper.file.open("rb"),
                filename=f"{certificate.code}.pdf",
                content_type="application/pdf",
            )
        except FileNotFoundError:
            logger.error("The paper of certificate %s is gone from the storage", certificate.pk)
    return render(request, "certificates/waiting.html", {"certificate": certificate}, status=202)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The person's own certificates."""
    context = {"certificates": for_user(request.user)}
    return render(request, "certificates/mine.html", context)


def _form(
    request: HttpRequest, *, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {"typed": typed, "error": error}
    return _unlisted(render(request, "certificates/verify.html", context, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """People's names stand here: for whoever holds the paper, not for search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response


def _what_is_wrong(typed: str, code: str | None) -> str:
    if not typed.strip():
        return _("Type the code that stands on the certificate.")
    if code is None:
        return _(
            "This is not a code of ours: at least one sign is wrong or missing. The code has 14"
            " letters and digits; compare it with the certificate and try again."
        )
    return _(
        "No certificate bears this code. Compare it with the paper; if they agree, the paper was"
        " not issued here: ask the Department before you rely on it."
    )
