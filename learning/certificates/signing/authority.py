"""A test authority of the house's own, for the demo and for tests: never for a real paper.

It is made once in a folder: a root, one who signs papers, one who gives timestamps, and a list of
revoked certificates that is empty. Every name in it says that it is a test.
"""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils import timezone

PASSPHRASE = "chi-de-thu"  # noqa: S105 - protects nothing: the keys are tests
TEST_MARK = "THỬ NGHIỆM"
_YEARS = 5
_BITS = 2048


@dataclass(frozen=True)
class Authority:
    """Where its pieces lie."""

    folder: Path

    @property
    def signer(self) -> Path:
        return self.folder / "signer.p12"

    @property
    def timestamps(self) -> Path:
        return self.folder / "timestamps.p12"

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def revoked(self) -> Path:
        return self.folder / "revoked.crl"


def ensure_authority(
    folder: Path, *, until: datetime.datetime | None = None, name: str = "Sở thí dụ"
) -> Authority:
    """The authority in `folder`, made now if there is none; `until` ends the signer's certificate.

    It appears whole or not at all, so that two processes that start at once agree on one.
    """
    made = Authority(folder)
    if made.root.exists():
        return made
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
        fresh = Authority(Path(aside) / "new")
        fresh.folder.mkdir(mode=0o700)
        _write(fresh, until or _now() + datetime.timedelta(days=365 * _YEARS), name)
        try:
            fresh.folder.rename(folder)
        except OSError:
            if not made.root.exists():
                raise
    return made


def _write(made: Authority, until: datetime.datetime, name: str) -> None:
    root_key, signer_key, stamp_key = (
        rsa.generate_private_key(public_exponent=65537, key_size=_BITS) for _ in range(3)
    )
    root_name = _name(f"{TEST_MARK} - Gốc chứng thực {name}")
    root = _certificate(root_name, root_key.public_key(), root_name, root_key, authority=True)
    signer = _certificate(
        _name(f"{TEST_MARK} - {name}"), signer_key.public_key(), root_name, root_key, until=until
    )
    stamps = _certificate(
        _name(f"{TEST_MARK} - Dấu thời gian {name}"),
        stamp_key.public_key(),
        root_name,
        root_key,
        stamps=True,
    )
    made.signer.write_bytes(_packed(signer_key, signer, root))
    made.timestamps.write_bytes(_packed(stamp_key, stamps, root))
    made.revoked.write_bytes(_nothing_revoked(root_name, root_key))
    made.root.write_bytes(root.public_bytes(serialization.Encoding.PEM))


def _certificate(
    subject: x509.Name,
    key: rsa.RSAPublicKey,
    issuer: x509.Name,
    issuer_key: rsa.RSAPrivateKey,
    *,
    until: datetime.datetime | None = None,
    authority: bool = False,
    stamps: bool = False,
) -> x509.Certificate:
    begins = _now() - datetime.timedelta(days=2)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(until or begins + datetime.timedelta(days=366 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(_usage(authority), critical=True)
    )
    if stamps:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _nothing_revoked(issuer: x509.Name, key: rsa.RSAPrivateKey) -> bytes:
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(_now() - datetime.timedelta(days=1))
        .next_update(_now() + datetime.timedelta(days=365 * _YEARS))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def _packed(key: rsa.RSAPrivateKey, certificate: x509.Certificate, root: x509.Certificate) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"test",
        key,
        certificate,
        [root],
        serialization.BestAvailableEncryption(PASSPHRASE.encode()),
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _now() -> datetime.datetime:
    return timezone.now()
