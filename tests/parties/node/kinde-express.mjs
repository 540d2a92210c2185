// An Express app on Kinde's SDK for it, written for Kinde and not for us: only its environment is ours.
import { getUser, GrantType, protectRoute, setupKinde } from "@kinde-oss/kinde-node-express";
import express from "express";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT } = process.env;
const site = `http://localhost:${PORT}`;
const app = express();

const kinde = setupKinde(
  {
    clientId: CLIENT_ID,
    secret: CLIENT_SECRET,
    issuerBaseUrl: ISSUER,
    siteUrl: site,
    redirectUrl: `${site}/callback`,
    unAuthorisedUrl: `${site}/unauthorised`,
    postLogoutRedirectUrl: site,
    grantType: GrantType.AUTHORIZATION_CODE,
  },
  app,
);

app.get("/", (_, response) => response.send("Welcome"));

app.get("/who", getUser, async (request, response) => {
  response.json({ user: request.user, permissions: await kinde.getPermissions(request), organization: await kinde.getOrganization(request) });
});

// For people who are signed in, and for whoever has a token of this issuer.
app.get("/orders", protectRoute, (_, response) => response.json({ orders: [] }));

app.listen(PORT);
