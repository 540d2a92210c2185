// A relying party on npm's openid-client.
import * as oidc from "openid-client";
import { answer } from "./lines.mjs";

let config, redirect_uri, begun, device, keys, options;

const auths = {
  client_secret_basic: (secret) => oidc.ClientSecretBasic(secret),
  client_secret_post: (secret) => oidc.ClientSecretPost(secret),
  client_secret_jwt: (secret) => oidc.ClientSecretJwt(secret),
  private_key_jwt: () => oidc.PrivateKeyJwt({ key: keys.privateKey, kid: "party" }),
  none: () => oidc.None(),
};

const told = (tokens) => ({ ...tokens, claims: tokens.claims() ?? null });

await answer({
  // A key of its own, to be declared.
  async keys({ alg }) {
    keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
    return { keys: [{ kty, crv, x, y, alg: alg ?? "ES256", use: "sig", kid: "party" }] };
  },

  async open({ issuer, client_id, secret, auth, callback, dpop }) {
    const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
    config = await oidc.discovery(new URL(issuer), client_id, undefined, auths[auth](secret), { execute });
    redirect_uri = callback;
    options = dpop ? { DPoP: oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256")) } : {};
    return config.serverMetadata();
  },

  async begin({ scope, extra, par, jar }) {
    const verifier = oidc.randomPKCECodeVerifier();
    begun = { pkceCodeVerifier: verifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
    const parameters = {
      redirect_uri,
      scope,
      state: begun.expectedState,
      nonce: begun.expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...extra,
    };
    if (jar) {
      const signed = await oidc.buildAuthorizationUrlWithJAR(config, parameters, { key: keys.privateKey, kid: "party" });
      return par ? (await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams, options)).href : signed.href;
    }
    if (par) return (await oidc.buildAuthorizationUrlWithPAR(config, parameters, options)).href;
    return oidc.buildAuthorizationUrl(config, parameters).href;
  },

  // `remembered` replaces what the app kept: an answer that belongs to somebody else.
  async finish({ url, remembered }) {
    const checks = { ...begun, idTokenExpected: true, ...remembered };
    return told(await oidc.authorizationCodeGrant(config, new URL(url), checks, undefined, options));
  },

  async refresh({ refresh_token, extra }) {
    return told(await oidc.refreshTokenGrant(config, refresh_token, extra, options));
  },

  async refresh_together({ refresh_token, times }) {
    const one = () => oidc.refreshTokenGrant(config, refresh_token, undefined, options);
    return (await Promise.all(Array.from({ length: times }, one))).map(told);
  },

  userinfo: ({ access_token, sub }) => oidc.fetchUserInfo(config, access_token, sub, options),
  introspect: ({ token }) => oidc.tokenIntrospection(config, token),
  revoke: ({ token, hint }) => oidc.tokenRevocation(config, token, hint ? { token_type_hint: hint } : {}),
  logout: (parameters) => oidc.buildEndSessionUrl(config, parameters).href,
  client_credentials: async (parameters) => told(await oidc.clientCredentialsGrant(config, parameters, options)),

  async device(parameters) {
    device = await oidc.initiateDeviceAuthorization(config, parameters);
    return device;
  },

  // Polls until somebody allowed it, or denied it.
  poll: async () => told(await oidc.pollDeviceAuthorizationGrant(config, device, undefined, options)),
});
