// A back end on @kinde-oss/kinde-typescript-sdk.
import { createKindeServerClient } from "@kinde-oss/kinde-typescript-sdk";
import { answer } from "./lines.mjs";

let client, kept, issuer;

const session = {
  getSessionItem: async (name) => kept.get(name),
  setSessionItem: async (name, value) => void kept.set(name, value),
  removeSessionItem: async (name) => void kept.delete(name),
  destroySession: async () => kept.clear(),
};

await answer({
  async open({ flow, client_id, secret, callback, home, audience, ...given }) {
    issuer = given.issuer;
    kept = new Map();
    client = createKindeServerClient(flow, {
      authDomain: issuer,
      clientId: client_id,
      clientSecret: secret,
      redirectURL: callback,
      logoutRedirectURL: home,
      audience,
    });
  },

  login: async ({ extra }) => (await client.login(session, { authUrlParams: extra ?? {} })).href,
  register: async () => (await client.register(session)).href,
  create_org: async ({ name }) => (await client.createOrg(session, { org_name: name })).href,
  finish: ({ url }) => client.handleRedirectToApp(session, new URL(url)),
  refresh: async () => void (await client.refreshTokens(session)),
  tokens: () => Object.fromEntries(kept),
  profile: () => client.getUserProfile(session),
  flag: ({ code, standard, type }) => client.getFlag(session, code, standard, type),
  logout: async () => (await client.logout(session)).href,
  authenticated: () => client.isAuthenticated(session),
  machine_token: () => client.getToken(session),
  portal: async (given) => (await client.portal(session, given)).url.href,

  async known() {
    return {
      authenticated: await client.isAuthenticated(session),
      user: await client.getUser(session),
      permissions: await client.getPermissions(session),
      organization: await client.getOrganization(session),
      organizations: await client.getUserOrganizations(session),
      issuer: await client.getClaim(session, "iss"),
    };
  },
});
