import Spa from "./spa";

export const dynamic = "force-dynamic";

// A single-page app on another of Kinde's SDKs: nothing of it runs on the server.
export default function Page() {
  const { KINDE_ISSUER_URL, KINDE_SITE_URL, SPA_CLIENT_ID } = process.env;
  return <Spa domain={KINDE_ISSUER_URL} site={KINDE_SITE_URL} clientId={SPA_CLIENT_ID} />;
}
