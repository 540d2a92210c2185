// A web app on Auth.js, which is what next-auth is made of: its own provider for Kinde, and its general one.
import { createServer } from "node:http";
import { Auth } from "@auth/core";
import Kinde from "@auth/core/providers/kinde";

const { ISSUER: issuer, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, PORT } = process.env;
const site = `http://localhost:${PORT}`;

const config = {
  basePath: "/auth",
  trustHost: true,
  secret: clientSecret,
  providers: [
    Kinde({ issuer, clientId, clientSecret }),
    { id: "oidc", name: "OpenID Connect", type: "oidc", issuer, clientId, clientSecret, checks: ["pkce", "state", "nonce"] },
  ],
  callbacks: {
    jwt: ({ token, profile, account }) => (profile ? { ...token, who: profile, by: account.provider } : token),
    session: ({ session, token }) => ({ ...session, who: token.who, by: token.by }),
  },
};

createServer(async (incoming, outgoing) => {
  const chunks = await incoming.toArray();
  const request = new Request(new URL(incoming.url, site), {
    method: incoming.method,
    headers: incoming.headers,
    body: chunks.length ? Buffer.concat(chunks) : undefined,
  });
  const response = await Auth(request, config);
  for (const [name, value] of response.headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  outgoing.setHeader("set-cookie", response.headers.getSetCookie());
  outgoing.writeHead(response.status).end(await response.text());
}).listen(PORT);
