// How apps read Kinde's webhooks.
import { decodeWebhook } from "@kinde/webhooks";
import { answer } from "./lines.mjs";

await answer({ read: ({ token, issuer }) => decodeWebhook(token, issuer) });
