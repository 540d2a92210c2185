"use client";
import { useEffect, useState } from "react";

export default function Spa({ domain, site, clientId }) {
  const [who, say] = useState("…");
  useEffect(() => {
    (async () => {
      const { default: createKindeClient } = await import("@kinde-oss/kinde-auth-pkce-js");
      // For whoever sits before the browser's console.
      window.kinde = await createKindeClient({
        domain,
        client_id: clientId,
        redirect_uri: `${site}/pkce`,
        logout_uri: `${site}/pkce`,
        on_redirect_callback: (user) => (window.came = user),
        on_error_callback: (error) => (window.failed = error),
      });
      say((await window.kinde.isAuthenticated()) ? (await window.kinde.getUserProfile()).id : "nobody");
    })();
  }, []);
  return <p id="who">{who}</p>;
}
