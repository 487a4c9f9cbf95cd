"""A key that never leaves its token: SoftHSM stands for the department's device."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pypdf import PdfReader

from learning.certificates.paper.design import house_design
from learning.certificates.paper.rendering import render_pdf
from learning.certificates.paper.sample import sample_certificate
from learning.certificates.signing.authority import PASSPHRASE, ensure_authority
from learning.certificates.signing.keys import CannotSignError, forget_token, load_keys
from learning.certificates.signing.making import sign_pdf
from learning.certificates.signing.validating import verdict_on

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
MODULE = next((path for path in MODULES if Path(path).exists()), "")
TOKEN, LABEL, PIN = "so-thi-du", "nguoi-ky", "1234"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
    pytest.mark.skipif(
        not (MODULE and shutil.which("softhsm2-util")), reason="SoftHSM is not installed"
    ),
]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A token with the test signer's key and certificate on it."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    label = ["--label", TOKEN, "--so-pin", "5678", "--pin", PIN]
    subprocess.run(["softhsm2-util", "--init-token", "--free", *label], check=True)
    made = ensure_authority(folder / "authority")
    _put_on_token(made)
    yield made
    forget_token()
    del os.environ["SOFTHSM2_CONF"]


def _put_on_token(made):
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    held = pkcs12.load_pkcs12(made.signer.read_bytes(), PASSPHRASE.encode())
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    key = held.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    certificate = held.cert.certificate.public_bytes(Encoding.DER)
    token = pkcs11.lib(MODULE).get_token(token_label=TOKEN)
    with token.open(rw=True, user_pin=PIN) as session:
        for told in (decode_rsa_private_key(key), decode_x509_certificate(certificate)):
            session.create_object(
                {**told, pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.TOKEN: True}
            )


@pytest.fixture
def chosen(settings, authority):
    def choose(**changed):
        settings.CERTIFICATE_SIGNING = {
            **settings.CERTIFICATE_SIGNING,
            "with": "pkcs11",
            "pkcs11_module": MODULE,
            "pkcs11_token": TOKEN,
            "pkcs11_label": LABEL,
            "pkcs11_pin": PIN,
            "trusted": [str(authority.root)],
            "revoked": [str(authority.revoked)],
            **changed,
        }

    return choose


def test_a_paper_is_signed_with_the_key_on_the_token(chosen, tmp_path):
    chosen()
    signed = sign_pdf(render_pdf(sample_certificate(house_design())), load_keys())
    verdict = verdict_on(signed.pdf)
    assert (verdict.holds, signed.level) == (True, "B-B")
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed.pdf)
    assert len(PdfReader(file).pages) == 1


def test_it_is_opened_once_and_anew_after_a_failure(chosen):
    chosen()
    first = load_keys().signer
    assert load_keys().signer is first
    forget_token()
    assert load_keys().signer is not first


@pytest.mark.parametrize(
    "changed", [{"pkcs11_pin": "9999"}, {"pkcs11_token": "khac"}, {"pkcs11_label": "khac"}]
)
def test_what_does_not_fit_is_told(chosen, changed):
    forget_token()
    chosen(**changed)
    with pytest.raises(CannotSignError):
        load_keys()
