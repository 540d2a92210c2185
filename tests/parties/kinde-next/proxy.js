import { withAuth } from "@kinde-oss/kinde-auth-nextjs/middleware";

export default function proxy(request) {
  return withAuth(request, { isReturnToCurrentPage: true });
}

export const config = { matcher: ["/dash"] };
