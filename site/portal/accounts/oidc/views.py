"""To the provider and back: state, nonce and PKCE bind the answer to this browser's question."""

import secrets
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.entry.views import safe_next

# Signatures by the provider's own private key; never by a secret both know, never «none».
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
CLOCKS_DIFFER_SECONDS = 60


class CityOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """allauth's, stricter: the issuer is the one in the settings, the nonce the one we sent, and
    the token's signature is always checked."""

    nonce: str = ""

    def get_provider(self) -> Any:
        """The provider of the settings; on the way there it makes an adapter as strict as this."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = type(self)
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description. Raises `OAuth2Error` if it speaks for somebody else."""
        config: dict[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("The provider names another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who came back. Raises `OAuth2Error` for an answer to another question."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("No ID token")
        told = self._decode_id_token(app, id_token)
        if not self.nonce or not secrets.compare_digest(str(told.get("nonce", "")), self.nonce):
            raise OAuth2Error("The nonce is not ours")
        about = self._fetch_user_info(token.token)
        if about.get("sub") != told.get("sub"):
            raise OAuth2Error("Token and user info tell of different persons")
        login = self.get_provider().sociallogin_from_response(
            request, {"userinfo": about, "id_token": told}
        )
        login.claims = told | about
        login.email_addresses = []
        # We keep who she is there, and nothing else of what was told.
        login.account.extra_data = {}
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
            told: dict[str, Any] = jwt.decode(
                id_token,
                key=_signing_key(keys, jwt.get_unverified_header(id_token).get("kid")),
                algorithms=ALGORITHMS,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCKS_DIFFER_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
            raise OAuth2Error("An ID token that can't be trusted") from error
        return told


def _signing_key(keys: list[jwt.PyJWK], kid: str | None) -> jwt.PyJWK:
    """The key that the token names; a token without a name has the only key (OpenID Connect Core
    1.0, §10.1). Raises `OAuth2Error`."""
    fitting = [key for key in keys if kid is None or key.key_id == kid]
    if len(fitting) != 1:
        raise OAuth2Error("No key of the provider fits the ID token")
    return fitting[0]


class CityCallbackView(OAuth2CallbackView):
    """Comes back with a state of ours, or not at all."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, reply = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, reply


@require_POST
@never_cache
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    provider = _adapter(request, provider_id).get_provider()
    nonce = secrets.token_urlsafe(24)
    try:
        reply: HttpResponse = provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=safe_next(request) or None,
            auth_params=provider.get_auth_params() | {"nonce": nonce},
            nonce=nonce,
        )
    except (requests.RequestException, OAuth2Error) as error:
        return _failed(request, provider, error)
    return reply


@require_safe
@never_cache
def arrive(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    view = CityCallbackView.adapter_view(_adapter(request, provider_id))
    reply: HttpResponse = view(request)
    return reply


def _adapter(request: HttpRequest, provider_id: str) -> CityOAuth2Adapter:
    adapter = CityOAuth2Adapter(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return adapter


def _failed(request: HttpRequest, provider: Any, error: Exception) -> HttpResponse:
    try:
        get_adapter().on_authentication_error(request, provider, exception=error)
    except ImmediateHttpResponse as page:
        reply: HttpResponse = page.response
        return reply
    raise error
