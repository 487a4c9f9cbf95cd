"""The issuer's key for credentials, and the public keys that verifiers read."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

ALGORITHM = "RS256"  # the one every verifier of Open Badges 3.0 must know
_BITS = 3072


class NoKeyError(Exception):
    """The house has no key for credentials, or one that can't be used."""


@dataclass(frozen=True)
class PublicKey:
    """A public key; `kid` is its RFC 7638 thumbprint, so the same key always has the same name."""

    kid: str
    jwk: dict[str, str]


@dataclass(frozen=True)
class SigningKey:
    """The key that signs now."""

    private: rsa.RSAPrivateKey
    public: PublicKey

    def sign(self, payload: dict[str, Any], *, kid: str) -> str:
        """The payload as a compact JWS, its header naming the key by the address `kid`."""
        return jwt.encode(payload, self.private, algorithm=ALGORITHM, headers={"kid": kid})


def has_key() -> bool:
    """Does the house give out credentials?"""
    return bool(settings.BADGES["key"])


def signing_key() -> SigningKey:
    """The key of the settings; a trial makes its own. Raises `NoKeyError`."""
    chosen = settings.BADGES["key"]
    if not chosen:
        raise NoKeyError
    path = Path(chosen)
    if settings.BADGES["is_test"] and not path.exists():
        _make(path)
    return _loaded(path, path.stat().st_mtime_ns if path.exists() else 0)


def public_keys() -> list[PublicKey]:
    """The present key and those of earlier years, whose signatures still count."""
    keys = [signing_key().public] if has_key() else []
    for name in settings.BADGES["old_keys"]:
        found = load_pem_public_key(Path(name).read_bytes())
        if not isinstance(found, rsa.RSAPublicKey):
            raise NoKeyError(name)
        keys.append(_public(found))
    return keys


@cache
def _loaded(path: Path, _changed: int) -> SigningKey:
    try:
        private = load_pem_private_key(path.read_bytes(), _passphrase())
    except (OSError, ValueError, TypeError) as error:
        raise NoKeyError(path.name) from error
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < 2048:
        raise NoKeyError(path.name)
    return SigningKey(private, _public(private.public_key()))


def _passphrase() -> bytes | None:
    return settings.BADGES["passphrase"].encode() or None


def _public(key: rsa.RSAPublicKey) -> PublicKey:
    numbers = key.public_numbers()
    jwk = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    canonical = json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()
    kid = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
    return PublicKey(kid, {**jwk, "kid": kid, "alg": ALGORITHM, "use": "sig"})


def _number(value: int) -> str:
    content = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _make(path: Path) -> None:
    """A key for a trial. Several processes may come at once: the first to finish wins."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
