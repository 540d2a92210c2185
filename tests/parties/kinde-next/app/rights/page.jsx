import { getKindeServerSession, protectPage } from "@kinde-oss/kinde-auth-nextjs/server";

// For clerks who may create orders: what else the SDK knows of them.
async function Rights() {
  const session = getKindeServerSession();
  const known = {
    roles: await session.getRoles(),
    permission: await session.getPermission("create:orders"),
    permissions: await session.getPermissions(),
    seats: await session.getIntegerFlag("seats", 1),
    theme: await session.getStringFlag("theme", "light"),
    beta: await session.getBooleanFlag("beta", false),
    entitlements: await session.getEntitlements(),
    organization: await session.getOrganization(),
    organizations: await session.getUserOrganizations(),
    user: await session.getUser(),
  };
  return <pre id="known">{JSON.stringify(known)}</pre>;
}

export default protectPage(Rights, { roles: ["Clerk"], permissions: "create:orders" });
