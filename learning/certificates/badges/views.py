"""What verifiers read, from every origin: credentials, the issuer, its keys, status lists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.certificates.badges import credential, keys
from learning.certificates.codes import read_code
from learning.certificates.models import Certificate
from learning.certificates.verifying import limits
from learning.certificates.verifying.telling import find
from learning.certificates.verifying.views import open_to_all

_JWT = "application/vc+jwt"
# A list is made anew after this time: so late is a revocation seen at worst, with `LIST_KEPT`.
_LIST_SECONDS = 300
View = Callable[..., HttpResponse]


def _open(view: View) -> View:
    """For every origin; 404 where the house has no key; nothing for search engines."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not keys.has_key():
            raise Http404
        reply = open_to_all(view(request, **kwargs))
        reply["X-Robots-Tag"] = "noindex"
        return reply

    return require_http_methods(["GET", "HEAD", "OPTIONS"])(guarded)


@never_cache
@_open
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """The credential as JSON, signed, in its envelope."""
    found = _certificate(request, code)
    if isinstance(found, HttpResponse):
        return found
    return JsonResponse(credential.enveloped(found))


@never_cache
@_open
def badge_jwt(request: HttpRequest, code: str) -> HttpResponse:
    """The credential as a JWT, for wallets and verifiers."""
    found = _certificate(request, code)
    if isinstance(found, HttpResponse):
        return found
    reply = HttpResponse(credential.signed_credential(found), content_type=_JWT)
    reply["Content-Disposition"] = f'attachment; filename="{found.code}.jwt"'
    return reply


def _certificate(request: HttpRequest, code: str) -> Certificate | HttpResponse:
    """The certificate, or what is answered instead: counted as every look-up is."""
    meant = read_code(code)
    wait = limits.too_many_lookups(request) if meant else 0
    certificate = find(meant) if meant and not wait else None
    if certificate is not None:
        return certificate
    if wait := wait or (limits.too_many_misses(request) if meant else 0):
        reply = JsonResponse({"error": "too_many_requests", "retry_after": wait}, status=429)
        reply["Retry-After"] = str(wait)
        return reply
    return JsonResponse({"error": "unknown_code" if meant else "malformed_code"}, status=404)


@_open
def issuer(_request: HttpRequest) -> HttpResponse:
    """The issuer's profile."""
    context = {"@context": ["https://www.w3.org/ns/credentials/v2", credential.OB_CONTEXT]}
    return JsonResponse(
        {**context, **credential.profile()}, json_dumps_params={"ensure_ascii": False}
    )


@_open
def key_set(_request: HttpRequest) -> HttpResponse:
    """All public keys, old ones too."""
    return JsonResponse({"keys": [key.jwk for key in keys.public_keys()]})


@_open
def one_key(_request: HttpRequest, kid: str) -> HttpResponse:
    """The public key that a signature's header names."""
    for key in keys.public_keys():
        if key.kid == kid:
            return JsonResponse(key.jwk)
    raise Http404


@_open
def status_list(_request: HttpRequest, number: int, purpose: str) -> HttpResponse:
    """A status list of one purpose, made at most every five minutes."""
    if number >= credential.lists():
        raise Http404
    name = f"badges:{purpose}:{number}"
    signed = cache.get(name)
    if signed is None:
        signed = credential.status_list(number, purpose)
        cache.set(name, signed, _LIST_SECONDS)
    reply = HttpResponse(signed, content_type=_JWT)
    reply["Cache-Control"] = f"public, max-age={_LIST_SECONDS}"
    return reply
