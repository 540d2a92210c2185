import { protectApi } from "@kinde-oss/kinde-auth-nextjs/server";

export const GET = protectApi(async () => Response.json({ orders: [] }), { permissions: "create:orders" });
