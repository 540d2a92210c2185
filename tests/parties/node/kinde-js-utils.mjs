// What Kinde's browser SDKs are made of, @kinde/js-utils, and what all of them check tokens with, @kinde/jwt-validator.
import * as kinde from "@kinde/js-utils";
import { validateToken } from "@kinde/jwt-validator";
import { answer } from "./lines.mjs";

let app;

await answer({
  async open({ issuer, client_id, callback }) {
    app = { domain: issuer, clientId: client_id, redirectURL: callback };
    Object.assign(kinde.frameworkSettings, { framework: "test", frameworkVersion: "1", sdkVersion: "1" });
    kinde.setActiveStorage(new kinde.MemoryStorage());
    // Without a browser there is no cookie to keep the refresh token in.
    kinde.storageSettings.useInsecureForRefreshToken = true;
  },

  async login({ extra, register }) {
    const kind = register ? kinde.IssuerRouteTypes.register : kinde.IssuerRouteTypes.login;
    const options = { clientId: app.clientId, redirectURL: app.redirectURL, ...extra };
    return (await kinde.generateAuthUrl(app.domain, kind, options)).url.href;
  },

  switch_org: async ({ code }) => (await kinde.switchOrg({ ...app, orgCode: code })).url.href,

  finish: ({ url }) => kinde.exchangeAuthCode({ ...app, urlParams: new URL(url).searchParams }),
  refresh: () => kinde.refreshToken({ ...app, refreshType: kinde.RefreshType.refreshToken }),
  validate: ({ token }) => validateToken({ token, domain: app.domain }),

  async known({ forceApi }) {
    return {
      authenticated: await kinde.isAuthenticated(),
      user: await kinde.getUserProfile(),
      permissions: await kinde.getPermissions({ forceApi }),
      organization: await kinde.getCurrentOrganization(),
      organizations: await kinde.getUserOrganizations(),
      claims: await kinde.getClaims(),
    };
  },

  roles: ({ forceApi }) => kinde.getRoles({ forceApi }),
  flag: ({ code, forceApi }) => kinde.getFlag(code, { forceApi }),
  permission: ({ key, forceApi }) => kinde.getPermission(key, { forceApi }),
  has: (asked) => kinde.has(asked),
  entitlements: () => kinde.getEntitlements(),
  portal: async ({ subNav, returnUrl }) => (await kinde.generatePortalUrl({ domain: app.domain, subNav, returnUrl })).url.href,
});
