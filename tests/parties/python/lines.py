"""One JSON line in says what to do, one out what came of it."""

import json
import sys


def answer(asks):
    for line in sys.stdin:
        given = json.loads(line)
        ask = given.pop("ask")
        try:
            said = {"answer": asks[ask](**given)}
        except Exception as error:
            told = {"name": type(error).__name__, "message": str(error)}
            for name in ("error", "description"):
                if isinstance(getattr(error, name, None), str):
                    told[name] = getattr(error, name)
            response = getattr(error, "response", None)
            if response is not None:
                told["status"] = response.status_code
            said = {"refused": told}
        print(json.dumps(said), flush=True)
