"""Kinde's Python SDK without a web framework."""

import asyncio
import logging
from urllib.parse import parse_qs, urlsplit

from kinde_sdk.auth.oauth import OAuth
from lines import answer

logging.disable(logging.WARNING)
WHO = "somebody"
oauth = None


def open_(issuer, client_id, secret, callback):
    global oauth
    oauth = OAuth(client_id=client_id, client_secret=secret, redirect_uri=callback, host=issuer)
    oauth._framework.set_user_id(WHO)


def manager():
    return oauth._session_manager.get_token_manager(WHO)


def finish(url):
    came = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return asyncio.run(oauth.handle_redirect(came["code"], WHO, came["state"]))


def known():
    return {
        "authenticated": oauth.is_authenticated(),
        "user": oauth.get_user_info(),
        "claims": manager().get_claims("id_token"),
    }


def refresh():
    manager().refresh_access_token()
    return oauth.get_tokens(WHO)


answer(
    {
        "open": open_,
        "login": lambda **options: asyncio.run(oauth.login(options)),
        "register": lambda **options: asyncio.run(oauth.register(options)),
        "finish": finish,
        "known": known,
        "refresh": refresh,
        "revoke": lambda: manager().revoke_token(),
        "logout": lambda: asyncio.run(oauth.logout(WHO)),
    }
)
