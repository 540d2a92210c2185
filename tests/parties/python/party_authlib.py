"""A relying party on PyPI's Authlib, over requests."""

from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from joserfc.jws import JWSRegistry
from lines import answer

metadata = session = begun = key = None


def keys(**_):
    global key
    key = ECKey.generate_key("P-256", {"kid": "party", "use": "sig", "alg": "ES256"})
    return {"keys": [key.as_dict(private=False)]}


def open_(issuer, client_id, callback, secret=None, auth="client_secret_basic", **_):
    global metadata, session
    found = requests.get(f"{issuer}/.well-known/openid-configuration")
    found.raise_for_status()
    metadata = found.json()
    assert metadata["issuer"] == issuer, metadata["issuer"]
    session = OAuth2Session(
        client_id,
        key if auth == "private_key_jwt" else secret,
        token_endpoint_auth_method=auth,
        revocation_endpoint_auth_method=auth,
        code_challenge_method="S256",
        redirect_uri=callback,
        token_endpoint=metadata["token_endpoint"],
    )
    if auth == "private_key_jwt":
        session.register_client_auth_method(
            PrivateKeyJWT(metadata["token_endpoint"], headers={"kid": "party"}, alg="ES256")
        )
    if auth == "client_secret_jwt":
        session.register_client_auth_method(ClientSecretJWT(metadata["token_endpoint"]))
    return metadata


def begin(scope, extra=None, **_):
    global begun
    begun = {"verifier": generate_token(48), "nonce": generate_token(20)}
    url, begun["state"] = session.create_authorization_url(
        metadata["authorization_endpoint"],
        scope=scope,
        nonce=begun["nonce"],
        code_verifier=begun["verifier"],
        **(extra or {}),
    )
    return url


def told(token, nonce=None):
    """The ID token's signature, issuer, audience, nonce, times and at_hash, as Authlib looks at them."""
    token = dict(token)
    token["claims"] = None
    if "id_token" in token:
        keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"]).json())
        registry = JWSRegistry(
            algorithms=metadata["id_token_signing_alg_values_supported"], strict_check_header=False
        )
        decoded = jwt.decode(token["id_token"], key=keys, registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {"iss": {"values": [metadata["issuer"]]}},
            {"nonce": nonce, "client_id": session.client_id, "access_token": token["access_token"]},
        )
        claims.validate(leeway=120)
        token["claims"] = dict(claims)
    return token


def finish(url, remembered=None):
    remembered = remembered or {}
    came = parse_qs(urlsplit(url).query)
    assert came.get("iss") == [metadata["issuer"]], came
    if "error" in came:
        raise OAuthError(came["error"][0], came.get("error_description", [""])[0])
    token = session.fetch_token(
        authorization_response=url,
        state=remembered.get("expectedState", begun["state"]),
        code_verifier=remembered.get("pkceCodeVerifier", begun["verifier"]),
    )
    return told(token, remembered.get("expectedNonce", begun["nonce"]))


def refresh(refresh_token, extra=None):
    return told(session.refresh_token(refresh_token=refresh_token, **(extra or {})))


def userinfo(access_token, sub):
    session.token = {"access_token": access_token, "token_type": "Bearer"}
    response = session.get(metadata["userinfo_endpoint"])
    response.raise_for_status()
    claims = response.json()
    assert claims["sub"] == sub
    return claims


def introspect(token):
    response = session.introspect_token(metadata["introspection_endpoint"], token=token)
    response.raise_for_status()
    return response.json()


def revoke(token, hint=None):
    response = session.revoke_token(metadata["revocation_endpoint"], token=token, token_type_hint=hint)
    response.raise_for_status()


def logout(**parameters):
    return f"{metadata['end_session_endpoint']}?{urlencode(parameters)}"


def client_credentials(**parameters):
    return told(session.fetch_token(grant_type="client_credentials", **parameters))


answer(
    {
        "keys": keys,
        "open": open_,
        "begin": begin,
        "finish": finish,
        "refresh": refresh,
        "userinfo": userinfo,
        "introspect": introspect,
        "revoke": revoke,
        "logout": logout,
        "client_credentials": client_credentials,
    }
)
