import { CreateOrgLink, LoginLink, RegisterLink } from "@kinde-oss/kinde-auth-nextjs/components";

const byPhone = { login_hint: "phone:+2348031234567:ng", connection_id: "phone", lang: "fr" };

export default function Home() {
  return (
    <main>
      <h1>Welcome</h1>
      <LoginLink id="login" postLoginRedirectURL="/dash">Sign in</LoginLink>
      <LoginLink id="by-phone" postLoginRedirectURL="/dash" authUrlParams={byPhone}>By phone</LoginLink>
      <RegisterLink id="register" postLoginRedirectURL="/dash">Register</RegisterLink>
      <RegisterLink id="create" postLoginRedirectURL="/dash" authUrlParams={{ prompt: "create" }}>Create</RegisterLink>
      <CreateOrgLink id="organization" orgName="Ada & Co">An organization</CreateOrgLink>
    </main>
  );
}
