import { KindeProvider, useKindeAuth } from "@kinde-oss/kinde-auth-react";

function Who() {
  // For whoever sits before the browser's console.
  const kinde = (window.kinde = useKindeAuth());
  if (kinde.isLoading) return <p id="who">…</p>;
  return (
    <main>
      <p id="who">{kinde.isAuthenticated ? kinde.user.id : "nobody"}</p>
      <button id="login" onClick={() => kinde.login()}>Sign in</button>
      <button id="register" onClick={() => kinde.register()}>Register</button>
      <button id="logout" onClick={() => kinde.logout()}>Sign out</button>
    </main>
  );
}

export default function App({ domain, site, clientId }) {
  // Beyond a sign-in, which comes back without it.
  const insecure = location.search === "?insecure" || (location.search && sessionStorage.getItem("insecure") === "yes");
  sessionStorage.setItem("insecure", insecure ? "yes" : "no");
  const at = { domain, clientId, redirectUri: `${site}/react`, logoutUri: `${site}/react` };
  return (
    <KindeProvider {...at} useInsecureForRefreshToken={insecure}>
      <Who />
    </KindeProvider>
  );
}
