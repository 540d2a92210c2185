import { LogoutLink, PortalLink } from "@kinde-oss/kinde-auth-nextjs/components";
import { getKindeServerSession } from "@kinde-oss/kinde-auth-nextjs/server";

// Everything the SDK knows of whoever is signed in.
export default async function Dash() {
  const session = getKindeServerSession();
  const known = {
    authenticated: await session.isAuthenticated(),
    user: await session.getUser(),
    permissions: await session.getPermissions(),
    organization: await session.getOrganization(),
    organizations: await session.getUserOrganizations(),
    issuer: await session.getClaim("iss"),
    access: await session.getAccessToken(),
    expires: await session.getClaim("exp", "id_token"),
  };
  return (
    <main>
      <h1>Dashboard</h1>
      <pre id="known">{JSON.stringify(known)}</pre>
      <PortalLink id="portal" subNav="profile">Your account</PortalLink>
      <LogoutLink id="logout">Sign out</LogoutLink>
    </main>
  );
}
