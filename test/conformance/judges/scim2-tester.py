"""Runs scim2-tester against SCIM_URL with SCIM_TOKEN; prints one JSON array of what it found.

Its values are random. One kind is made fit here: binary values are certificates, since the one binary attribute of
the core schema holds those (RFC 7643 s4.1.2) and a directory refuses others.
"""

import json
import os
import random

import httpx2
import scim2_tester.filling as filling
from pydantic import BaseModel
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

CERTIFICATE = (
    "MIIBeTCCAR+gAwIBAgIUQZTkrLu7Hq9R2351hfAy8raY9uMwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGc2FtcGxlMCAXDTI2MTEy"
    "NDEyMzkzNVoYDzIxMjYxMDMxMTIzOTM1WjARMQ8wDQYDVQQDDAZzYW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATgOo2W"
    "jiM3xyjJiYpIgChpjfwlYi+3ocBby8mP0XGy6JCvt+EIcsZiI5pDvnFy8ls9r3nBfHZJqP01S+5QM7vqo1MwUTAdBgNVHQ4EFgQU"
    "KBIdgnyu+mdNviHmuqtuPJ+yb6EwHwYDVR0jBBgwFoAUKBIdgnyu+mdNviHmuqtuPJ+yb6EwDwYDVR0TAQH/BAUwAwEB/zAKBggq"
    "hkjOPQQDAgNIADBFAiBZaJ+d9rV5q3YUX6oQnyuX0MMcL4NP7dZVJUzQE3xlcgIhAPuG7M7hGSjKgnKFi/Vnxf3+TV+/duVUTxpc"
    "qDo8WQAd"
)


class CertificateEncoder:
    """Stands in for the module base64 where random values are made."""

    @staticmethod
    def b64encode(_octets):
        return CERTIFICATE.encode("ascii")


def differences(sent, found, path=""):
    """Where what came back differs from what was sent."""
    if isinstance(sent, BaseModel) and isinstance(found, BaseModel):
        names = type(sent).model_fields
        pairs = [(name, getattr(sent, name), getattr(found, name, None)) for name in names if name != "schemas"]
        return [each for name, a, b in pairs for each in differences(a, b, f"{path}.{name}" if path else name)]
    if isinstance(sent, list) and isinstance(found, list) and len(sent) == len(found):
        return [each for a, b in zip(sent, found) for each in differences(a, b, path)]
    return [] if sent == found else [path]


def compared(data):
    """Of the objections to a value: the parts that they are about."""
    if not isinstance(data, dict) or "expected" not in data:
        return []
    return differences(data["expected"], data.get("actual", data.get("modify_actual")))


filling.base64 = CertificateEncoder
random.seed(7643)

headers = {"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"}
with httpx2.Client(base_url=os.environ["SCIM_URL"], headers=headers, timeout=60) as http:
    results = check_server(SyncSCIMClient(http))

print(
    json.dumps(
        [
            {
                "status": result.status.name,
                "check": result.title,
                "resourceType": result.resource_type,
                "attribute": result.data.get("urn") if isinstance(result.data, dict) else None,
                "differences": compared(result.data),
                "reason": result.reason,
            }
            for result in results
        ]
    )
)
