// A relying party on npm's oauth4webapi: every request and every check by hand.
import * as oauth from "oauth4webapi";
import { answer } from "./lines.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };
let as, client, auth, redirect_uri, begun, device, keys, options;

const auths = {
  client_secret_basic: (secret) => oauth.ClientSecretBasic(secret),
  client_secret_post: (secret) => oauth.ClientSecretPost(secret),
  client_secret_jwt: (secret) => oauth.ClientSecretJwt(secret),
  private_key_jwt: () => oauth.PrivateKeyJwt({ key: keys.privateKey, kid: "party" }),
  none: () => oauth.None(),
};

const told = (tokens) => ({ ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) ?? null });

// Asked for a nonce, it asks again with that.
async function once_more(request) {
  try {
    return await request();
  } catch (error) {
    if (!options.DPoP || !oauth.isDPoPNonceError(error)) throw error;
    return request();
  }
}

async function refresh({ refresh_token, extra }) {
  return once_more(async () => {
    const asked = { ...options, additionalParameters: extra };
    const response = await oauth.refreshTokenGrantRequest(as, client, auth, refresh_token, asked);
    const tokens = await oauth.processRefreshTokenResponse(as, client, response);
    if (tokens.id_token) await oauth.validateApplicationLevelSignature(as, response, insecure);
    return told(tokens);
  });
}

await answer({
  async keys() {
    keys = await oauth.generateKeyPair("ES256", { extractable: true });
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
    return { keys: [{ kty, crv, x, y, alg: "ES256", use: "sig", kid: "party" }] };
  },

  async open({ issuer, client_id, secret, auth: method, callback, dpop, algorithm }) {
    const at = new URL(issuer);
    as = await oauth.processDiscoveryResponse(at, await oauth.discoveryRequest(at, insecure));
    client = { client_id, id_token_signed_response_alg: algorithm ?? "RS256" };
    auth = auths[method](secret);
    redirect_uri = callback;
    options = { ...insecure };
    if (dpop) options.DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    return as;
  },

  async begin({ scope, extra, par, jar }) {
    const verifier = oauth.generateRandomCodeVerifier();
    begun = { verifier, state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() };
    let parameters = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri,
      response_type: "code",
      scope,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...extra,
    });
    if (jar) {
      const key = { key: keys.privateKey, kid: "party" };
      const request = await oauth.issueRequestObject(as, client, parameters, key);
      parameters = new URLSearchParams({ client_id: client.client_id, request });
    }
    const url = new URL(as.authorization_endpoint);
    if (par) {
      const pushed = await once_more(async () => {
        const response = await oauth.pushedAuthorizationRequest(as, client, auth, parameters, options);
        return oauth.processPushedAuthorizationResponse(as, client, response);
      });
      url.searchParams.set("client_id", client.client_id);
      url.searchParams.set("request_uri", pushed.request_uri);
    } else {
      url.search = parameters;
    }
    return url.href;
  },

  async finish({ url, remembered }) {
    const { pkceCodeVerifier, expectedState, expectedNonce } = remembered ?? {};
    const params = oauth.validateAuthResponse(as, client, new URL(url), expectedState ?? begun.state);
    return once_more(async () => {
      const verifier = pkceCodeVerifier ?? begun.verifier;
      const request = [as, client, auth, params, redirect_uri, verifier, options];
      const response = await oauth.authorizationCodeGrantRequest(...request);
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
        expectedNonce: expectedNonce ?? begun.nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(as, response, insecure);
      return told(tokens);
    });
  },

  refresh,
  refresh_together: ({ refresh_token, times }) =>
    Promise.all(Array.from({ length: times }, () => refresh({ refresh_token }))),

  userinfo: ({ access_token, sub }) =>
    once_more(async () => {
      const response = await oauth.userInfoRequest(as, client, access_token, options);
      return oauth.processUserInfoResponse(as, client, sub, response);
    }),

  async introspect({ token }) {
    const response = await oauth.introspectionRequest(as, client, auth, token, insecure);
    return oauth.processIntrospectionResponse(as, client, response);
  },

  async revoke({ token, hint }) {
    const asked = { ...insecure, additionalParameters: hint ? { token_type_hint: hint } : {} };
    return oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, asked));
  },

  logout(parameters) {
    const url = new URL(as.end_session_endpoint);
    url.search = new URLSearchParams({ client_id: client.client_id, ...parameters });
    return url.href;
  },

  client_credentials: (parameters) =>
    once_more(async () => {
      const response = await oauth.clientCredentialsGrantRequest(as, client, auth, parameters, options);
      return told(await oauth.processClientCredentialsResponse(as, client, response));
    }),

  async device(parameters) {
    const response = await oauth.deviceAuthorizationRequest(as, client, auth, parameters, insecure);
    device = await oauth.processDeviceAuthorizationResponse(as, client, response);
    return device;
  },

  async poll() {
    for (;;) {
      try {
        return await once_more(async () => {
          const response = await oauth.deviceCodeGrantRequest(as, client, auth, device.device_code, options);
          return told(await oauth.processDeviceCodeResponse(as, client, response));
        });
      } catch (error) {
        if (!["authorization_pending", "slow_down"].includes(error.error)) throw error;
        await new Promise((done) => setTimeout(done, 1000 * (device.interval ?? 5)));
      }
    }
  },
});
