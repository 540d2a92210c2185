"use client";
import { useKindeBrowserClient } from "@kinde-oss/kinde-auth-nextjs";

// The SDK's half in the browser.
export default function Client() {
  const { isLoading, isAuthenticated, user, organization } = useKindeBrowserClient();
  return <pre id="known">{JSON.stringify(isLoading ? null : { isAuthenticated, user, organization })}</pre>;
}
