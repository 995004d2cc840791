"""Judges signed objects with the COSE library `cwt`, and signs some of its own.

Reads a list of {object, external_aad, public, secret, payload} in hexadecimal from standard input;
answers with a list of {verified, payload, refused_other_aad, refused_other_payload, signed}.
"""

import json
import sys

from cwt import COSE, COSEKey
from cwt.enums import COSEAlgs, COSEHeaders, COSEKeyParams

OKP, ED25519 = 1, 6


def key(public, secret=None):
    params = {
        COSEKeyParams.KTY: OKP,
        COSEKeyParams.CRV: ED25519,
        COSEKeyParams.ALG: COSEAlgs.ED25519,
        COSEKeyParams.KID: public,
        COSEKeyParams.X: public,
    }
    if secret is not None:
        params[COSEKeyParams.D] = secret
    return COSEKey.new(params)


def is_refused(data, verifier, aad):
    try:
        COSE.new().decode(data, verifier, external_aad=aad)
    except Exception:
        return True
    return False


def judge(case):
    field = lambda name: bytes.fromhex(case[name])
    verifier = key(field("public"))
    aad, data = field("external_aad"), field("object")
    protected, unprotected, payload = COSE.new().decode_with_headers(data, verifier, external_aad=aad)
    assert protected == {COSEHeaders.ALG: COSEAlgs.ED25519, COSEHeaders.KID: field("public")}, protected
    assert unprotected == {}, unprotected

    changed = bytearray(data)
    changed[data.index(payload) + len(payload) // 2] ^= 1
    signed = COSE.new().encode_and_sign(
        field("payload"),
        key(field("public"), field("secret")),
        protected={COSEHeaders.ALG: COSEAlgs.ED25519, COSEHeaders.KID: field("public")},
        external_aad=aad,
    )
    return {
        "verified": True,
        "payload": payload.hex(),
        "refused_other_aad": is_refused(data, verifier, aad + b"\0"),
        "refused_other_payload": is_refused(bytes(changed), verifier, aad),
        "signed": signed.hex(),
    }


json.dump([judge(case) for case in json.load(sys.stdin)], sys.stdout)
