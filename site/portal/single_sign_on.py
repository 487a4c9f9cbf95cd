"""Log-in by another system (OpenID Connect): the city's or the nation's. Off without an issuer."""

from typing import Any

import environ


def sign_on_claims(env: environ.Env) -> dict[str, str]:
    """Which claim of the other system tells which field of a person."""
    return {
        "staff_code": env.str("OIDC_CLAIM_STAFF_CODE", default="staff_code"),
        "email": env.str("OIDC_CLAIM_EMAIL", default="email"),
        "email_verified": env.str("OIDC_CLAIM_EMAIL_VERIFIED", default="email_verified"),
        "full_name": env.str("OIDC_CLAIM_FULL_NAME", default="name"),
    }


def sign_on_providers(env: environ.Env, *, issuer: str, button: str) -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS: one system, or none without an `issuer`."""
    context = env.str("OIDC_ACR_VALUES", default="")
    system = {
        "provider_id": "sso",
        "name": button,
        "client_id": env.str("OIDC_CLIENT_ID", default=""),
        "secret": env.str("OIDC_CLIENT_SECRET", default=""),
        "settings": {
            "server_url": issuer,
            "oauth_pkce_enabled": True,
            "scope": env.list("OIDC_SCOPES", default=["openid", "profile", "email"]),
            "auth_params": {"acr_values": context} if context else {},
        },
    }
    return {"openid_connect": {"APPS": [system] if issuer else []}}
