"""The public pages: the form, a certificate's page, the PDF that was dropped, the answer in JSON.

None of them writes anything or wants to know who asks.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from learning.certificates.codes import read_code
from learning.certificates.hashes import paper_with, read_sha256
from learning.certificates.models import Certificate
from learning.certificates.paper.rendering import paper_facts, qr_path
from learning.certificates.verifying import limits
from learning.certificates.verifying.telling import (
    Standing,
    find,
    for_machines,
    signature_checker,
    standing_of,
)
from learning.certificates.verifying.uploads import MOST_BYTES, LookingHandler, sha256_of


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The form; with `?ma=` on to the certificate's own page, or what is wrong with the code."""
    typed = request.GET.get("ma", "").strip()[:100]
    if "ma" not in request.GET:
        return _form(request)
    code = read_code(typed)
    if code is not None and (wait := limits.too_many_lookups(request)):
        return _too_many(request, wait)
    if code is not None and find(code) is not None:
        return redirect("certificates:verify_code", code=code)
    return _not_found(request, typed, code, status=200)


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Is it real, does it stand? Shows what the paper shows and nothing more.

    Whoever asks for JSON by the Accept header gets it at the same address.
    """
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        reply = verify_json(request, code)
        patch_vary_headers(reply, ["Accept"])
        return reply
    meant = read_code(code)
    if meant is not None and meant != code:
        return redirect("certificates:verify_code", code=meant)
    if meant is not None and (wait := limits.too_many_lookups(request)):
        return _too_many(request, wait)
    certificate = find(meant) if meant else None
    if certificate is None:
        return _not_found(request, code, meant, status=404)
    reply = certificate_page(request, certificate)
    patch_vary_headers(reply, ["Accept"])
    return reply


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@never_cache
def verify_json(request: HttpRequest, code: str) -> HttpResponse:
    """The same for machines of any origin. No cookie is looked at, so every origin may read it."""
    meant = read_code(code)
    wait = limits.too_many_lookups(request) if meant else 0
    certificate = find(meant) if meant and not wait else None
    if certificate is not None:
        reply = JsonResponse(
            for_machines(certificate, standing_of(certificate)),
            json_dumps_params={"ensure_ascii": False},
        )
    elif wait := wait or (limits.too_many_misses(request) if meant else 0):
        reply = JsonResponse({"error": "too_many_requests", "retry_after": wait}, status=429)
        reply["Retry-After"] = str(wait)
    else:
        error = "unknown_code" if meant else "malformed_code"
        reply = JsonResponse({"error": error}, status=404)
    return open_to_all(_unlisted(reply))


def open_to_all(reply: HttpResponse) -> HttpResponse:
    """Let pages of every origin read it: it holds nothing that depends on who asks."""
    reply["Access-Control-Allow-Origin"] = "*"
    reply["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    reply["Cross-Origin-Resource-Policy"] = "cross-origin"
    return reply


@csrf_exempt  # nothing is written, and nothing that is told depends on who asks
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_file(request: HttpRequest) -> HttpResponse:
    """Which paper a PDF is: by the file itself (no script), or by the hash a script computed.

    The file is read into memory, hashed and forgotten; its signature is looked at if wished.
    """
    if request.method != "POST":
        return redirect("certificates:verify")
    if wait := limits.too_many_lookups(request):
        return _too_many(request, wait)
    request.upload_handlers = [LookingHandler(request)]
    sha256 = read_sha256(request.POST.get("sha256", ""))
    sent = request.FILES.get("pdf")
    signature = None
    if sha256 is None:
        if sent is None or getattr(request, "too_big", False):
            return _form(request, file_error=_what_is_wrong_with_the_file(request), status=400)
        content = sent.read()
        if not content.startswith(b"%PDF-"):
            return _form(request, file_error=_("This file is no PDF."), status=400)
        sha256 = sha256_of(content)
        signature = _signature(content) if "signature" in request.POST else None
    paper = paper_with(sha256)
    meant = read_code(request.POST.get("ma", ""))
    if paper is not None:
        certificate = find(paper.certificate.code)
        assert certificate is not None
        matches = meant is None or meant == certificate.code
        return certificate_page(
            request, certificate, dropped=paper, matches=matches, signature=signature
        )
    asked_for = find(meant) if meant else None
    if asked_for is not None:
        return certificate_page(request, asked_for, matches=False, signature=signature)
    return _form(request, unknown_file=True, signature=signature)


def _signature(content: bytes) -> Any:
    checker = signature_checker()
    return checker(content) if checker is not None else None


def _what_is_wrong_with_the_file(request: HttpRequest) -> str:
    if getattr(request, "too_big", False):
        return _("The file is larger than 10 MB. A certificate of ours is far smaller.")
    return _("Choose the PDF of the certificate first.")


def certificate_page(
    request: HttpRequest,
    certificate: Certificate,
    *,
    token: str = "",
    dropped: Any = None,
    matches: bool | None = None,
    signature: Any = None,
) -> HttpResponse:
    """What is told of it; with the `token` of a sharing link its paper is offered too."""
    standing: Standing = standing_of(certificate)
    context = {
        "token": token,
        "certificate": certificate,
        "paper": paper_facts(certificate),
        "qr": qr_path(certificate),
        "standing": standing,
        "state": str(standing.state),
        "void": not standing.is_valid,
        "hashes": list(certificate.hashes.all()),
        "now": timezone.localtime(),
        "dropped": dropped,
        "matches": matches,
        "signature": signature,
        "can_check_signature": signature_checker() is not None,
        "most_bytes": MOST_BYTES,
    }
    return _unlisted(render(request, "certificates/verified.html", context))


def _form(
    request: HttpRequest, *, typed: str = "", error: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "typed": typed,
        "error": error,
        "can_check_signature": signature_checker() is not None,
        "most_bytes": MOST_BYTES,
    }
    return _unlisted(render(request, "certificates/verify.html", context, status=status))


def _not_found(request: HttpRequest, typed: str, code: str | None, *, status: int) -> HttpResponse:
    if code is not None and (wait := limits.too_many_misses(request)):
        return _too_many(request, wait)
    return _form(request, typed=typed[:100], error=_what_is_wrong(typed, code), status=status)


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    error = _(
        "Too many codes that do not exist were asked for from your network. Try again in"
        " %(minutes)s min. A QR code of a real certificate opens its page meanwhile."
    ) % {"minutes": minutes}
    reply = _form(request, error=error, status=429)
    reply["Retry-After"] = str(wait)
    return reply


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
