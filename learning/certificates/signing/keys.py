"""The key, the timestamps and the trust that the settings name (`CERTIFICATE_SIGNING`)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    ValidationError,
)
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from learning.certificates.signing.authority import PASSPHRASE, Authority, ensure_authority

# What the validator raises; it has no class above them.
NOT_VALIDATED = (PathError, CRLValidationError, OCSPValidationError, ValidationError)
_TSA_SECONDS = 10


class CannotSignError(Exception):
    """Papers can't be signed now; the message says why, to whoever looks after the house."""


@dataclass(frozen=True)
class Keys:
    """What a signature is made with."""

    signer: Signer
    timestamps: TimeStamper | None
    is_test: bool


def signs_itself() -> bool:
    """Whether the server signs, or papers are signed outside only."""
    return bool(settings.CERTIFICATE_SIGNING["with"])


def load_keys() -> Keys:
    """The key of the settings, ready to sign. Raises `CannotSignError` if it is missing, can't be
    opened, or if its certificate is not valid today."""
    way = settings.CERTIFICATE_SIGNING["with"]
    signer: Signer
    timestamps: TimeStamper | None
    if way == "test":
        signer, timestamps = _test_keys(_test_authority())
    elif way == "pkcs12":
        signer, timestamps = _from_file(), _timestamps()
    elif way == "pkcs11":
        signer, timestamps = _from_token(), _timestamps()
    else:
        raise CannotSignError(_("The server has no key: papers are signed outside."))
    _must_be_valid(signer)
    return Keys(signer, timestamps, is_test=way == "test")


def trust(*, strict: bool = False) -> ValidationContext:
    """Which authorities are believed: those of the settings and, in a trial, the test one.

    `strict`: of each certificate somebody must say that it is not revoked; else silence will do.
    """
    chosen = settings.CERTIFICATE_SIGNING
    roots, revoked = [Path(name) for name in chosen["trusted"]], list(chosen["revoked"])
    if chosen["with"] == "test":
        made = _test_authority()
        roots, revoked = [*roots, made.root], [*revoked, made.revoked]
    return ValidationContext(
        trust_roots=list(load_certs_from_pemder([str(root) for root in roots])),
        crls=[Path(name).read_bytes() for name in revoked],
        allow_fetching=chosen["fetch"],
        revocation_mode="require" if strict else "soft-fail",
    )


def _must_be_valid(signer: Signer) -> None:
    certificate = signer.signing_cert
    if certificate is None:
        raise CannotSignError(_("The key has no certificate."))
    span, now = certificate["tbs_certificate"]["validity"], timezone.now()
    if span["not_after"].native < now:
        day = timezone.localdate(span["not_after"].native)
        raise CannotSignError(
            _("The signer's certificate expired on %(day)s.") % {"day": f"{day:%d/%m/%Y}"}
        )
    if span["not_before"].native > now:
        raise CannotSignError(_("The signer's certificate is not valid yet."))


class _ReadyKey(SimpleSigner):
    """Keeps the key opened: opening checks its primes, which costs more than signing."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if not hasattr(self, "_opened"):
            self._opened = load_der_private_key(self.signing_key.dump(), password=None)
        method = get_pyca_cryptography_hash(digest_algorithm)
        mechanism = self.get_signature_mechanism_for_digest(digest_algorithm).signature_algo
        if isinstance(self._opened, RSAPrivateKey) and mechanism == "rsassa_pkcs1v15":
            return self._opened.sign(data, PKCS1v15(), method)
        if isinstance(self._opened, EllipticCurvePrivateKey):
            return self._opened.sign(data, ECDSA(method))
        return super().sign_raw(data, digest_algorithm)


def _from_file() -> Signer:
    path = Path(settings.CERTIFICATE_SIGNING["pkcs12"])
    try:
        # A new file is a new key: it is read again when it changes.
        return _opened_file(
            path, settings.CERTIFICATE_SIGNING["passphrase"], path.stat().st_mtime_ns
        )
    except OSError:
        raise CannotSignError(_("The key's file can't be read.")) from None
    except ValueError:
        raise CannotSignError(_("The key's file can't be opened with its passphrase.")) from None


@lru_cache(maxsize=4)
def _opened_file(path: Path, passphrase: str, _changed: int) -> Signer:
    plain = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], passphrase.encode() or None)
    return _ReadyKey(
        signing_cert=plain.signing_cert,
        signing_key=plain.signing_key,
        cert_registry=plain.cert_registry,
    )


def _from_token() -> Signer:
    """The key on a token, through the maker's PKCS#11 module."""
    chosen = settings.CERTIFICATE_SIGNING
    try:
        return _opened_token(
            *(chosen[f"pkcs11_{part}"] for part in ("module", "token", "label", "pin"))
        )
    except Exception as error:
        # Each maker's module fails in its own way.
        raise CannotSignError(
            _("The token can't be opened: %(error)s") % {"error": type(error).__name__}
        ) from error


# One session for the process: a token has few of them, and one may log in only once.
_open_tokens: dict[tuple[str, ...], PKCS11Signer] = {}


def _opened_token(module: str, token: str, label: str, pin: str) -> Signer:
    asked = (module, token, label, pin)
    if asked not in _open_tokens:
        forget_token()
        session = open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=token), user_pin=pin or None
        )
        signer = PKCS11Signer(session, cert_label=label, key_label=label)
        _open_tokens[asked] = signer
        # Asked now, so that a wrong label is told as such and not at the first paper.
        try:
            assert signer.signing_cert is not None
        except Exception:
            forget_token()
            raise
    return _open_tokens[asked]


def forget_token() -> None:
    """After a failure: it may have been unplugged, and the next paper opens it anew."""
    while _open_tokens:
        _asked, signer = _open_tokens.popitem()
        with contextlib.suppress(Exception):
            signer.pkcs11_session.close()


def _timestamps() -> TimeStamper | None:
    address = settings.CERTIFICATE_SIGNING["tsa"]
    return RequestsHTTPTimeStamper(address, timeout=_TSA_SECONDS) if address else None


def _test_authority() -> Authority:
    return ensure_authority(Path(settings.CERTIFICATE_SIGNING["test_authority"]))


def _test_keys(made: Authority) -> tuple[Signer, TimeStamper]:
    return _opened_file(made.signer, PASSPHRASE, 0), _test_timestamps(made.timestamps)


@lru_cache(maxsize=4)
def _test_timestamps(path: Path) -> TimeStamper:
    """Kept, as it learns once how long its timestamps are."""
    stamps = _opened_file(path, PASSPHRASE, 0)
    assert isinstance(stamps, SimpleSigner)
    return DummyTimeStamper(
        tsa_cert=stamps.signing_cert,
        tsa_key=stamps.signing_key,
        certs_to_embed=stamps.cert_registry,
    )
