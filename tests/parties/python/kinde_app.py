"""A Flask app on Kinde's Python SDK, written for Kinde and not for us: only its environment is ours."""

import asyncio
import logging
import os

from flask import Flask, jsonify, redirect
from kinde_sdk.auth import claims, feature_flags, permissions, portals, roles
from kinde_sdk.auth.oauth import OAuth

logging.disable(logging.WARNING)
app = Flask(__name__)
oauth = OAuth(framework="flask", app=app)


async def all_that_is_known():
    role = await roles.get_role("clerk")
    seats = await feature_flags.get_flag("seats", default_value=1)
    return {
        "user": oauth.get_user_info(),
        "issuer": (await claims.get_claim("iss"))["value"],
        "permissions": await permissions.get_permissions(),
        "permission": await permissions.get_permission("create:orders"),
        "roles": await roles.get_roles(),
        "clerk": role["isGranted"],
        "seats": seats.value,
    }


@app.get("/")
def home():
    return "Welcome" if not oauth.is_authenticated() else "Welcome back"


@app.get("/known")
def known():
    return jsonify(asyncio.run(all_that_is_known()) if oauth.is_authenticated() else None)


@app.get("/portal")
def portal():
    made = portals.generate_portal_url(os.environ["KINDE_HOST"], os.environ["SITE"] + "/")
    return redirect(asyncio.run(made)["url"])


app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
