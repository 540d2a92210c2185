import { createKindeManagementAPIClient } from "@kinde-oss/kinde-auth-nextjs/server";

// The token the SDK asks for in the app's own name.
export async function GET() {
  const { usersApi } = await createKindeManagementAPIClient();
  return Response.json({ token: await usersApi.configuration.accessToken() });
}
