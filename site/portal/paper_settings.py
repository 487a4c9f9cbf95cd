"""Certificates: who issues them, and the keys they are signed with. Keys and PINs come from the
environment, never from here."""

from pathlib import Path
from typing import Any

import environ


def issuer(env: environ.Env) -> dict[str, Any]:
    """What is printed as the issuer: a deployment sets its own."""
    return {
        "code": env.str("ISSUER_CODE", default="SKHCN"),
        "parent": env.str("ISSUER_PARENT", default="UBND THÀNH PHỐ HẢI PHÒNG"),
        "name": env.str("ISSUER_NAME", default="SỞ KHOA HỌC VÀ CÔNG NGHỆ"),
        "place": env.str("ISSUER_PLACE", default="Hải Phòng"),
        "signer_lines": env.list("ISSUER_SIGNER_LINES", default=["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        "signer_name": env.str("ISSUER_SIGNER_NAME", default="(Người ký mẫu)"),
    }


def signing(env: environ.Env, *, folder: Path, demo: bool, fetch: bool) -> dict[str, Any]:
    """How papers are signed. A trial makes an authority of its own in `folder`; `fetch` is the
    default for asking authorities for lists of revoked certificates."""
    way = env.str("SIGNING", default="test" if demo else "")
    return {
        # "pkcs12", "pkcs11", "test" (the house's own authority); empty: signed outside only.
        "with": way,
        # Whether the letter with the paper waits until it is signed, here or outside.
        "mail_waits": env.bool("SIGNING_MAIL_WAITS", default=bool(way)),
        "pkcs12": env.str("SIGNING_PKCS12", default=""),
        "passphrase": env.str("SIGNING_PASSPHRASE", default=""),
        "pkcs11_module": env.str("SIGNING_PKCS11_MODULE", default=""),
        "pkcs11_token": env.str("SIGNING_PKCS11_TOKEN", default=""),
        "pkcs11_label": env.str("SIGNING_PKCS11_LABEL", default=""),
        "pkcs11_pin": env.str("SIGNING_PKCS11_PIN", default=""),
        # The address of a timestamp authority; with one papers are signed to B-LTA, or to B-T.
        "tsa": env.str("SIGNING_TSA", default=""),
        # PEM or DER files: roots that a signature may lead to, lists of revoked certificates.
        "trusted": env.list("SIGNING_TRUSTED", default=[]),
        "revoked": env.list("SIGNING_REVOKED", default=[]),
        # Whether validation may ask the authorities for lists of revoked certificates.
        "fetch": env.bool("SIGNING_FETCH", default=fetch),
        "test_authority": folder / "test-authority",
    }


def badges(env: environ.Env, *, folder: Path, demo: bool) -> dict[str, Any]:
    """The key of Open Badges; without one there are none. A trial makes its own in `folder`."""
    return {
        "key": env.str("BADGE_KEY", default=str(folder / "badge-key.pem") if demo else ""),
        "passphrase": env.str("BADGE_PASSPHRASE", default=""),
        # PEM files of public keys that signed before: what they signed still counts.
        "old_keys": env.list("BADGE_OLD_KEYS", default=[]),
        # A trial makes a key of its own.
        "is_test": demo,
    }
