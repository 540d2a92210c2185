//! Every path, on one page. Kinde's layout, so that apps written for it move by changing their issuer URL.

use crate::domain::interaction::Step;
use crate::domain::portal::segment;
use crate::domain::request::AuthRequest;
use crate::flows::advance::Told;

pub const AUTHORIZE: &str = "/oauth2/auth";
pub const TOKEN: &str = "/oauth2/token";
pub const USERINFO: &str = "/oauth2/userinfo";
pub const USER_PROFILE: &str = "/oauth2/v2/user_profile";
pub const FIRST_USER_PROFILE: &str = "/oauth2/user_profile";
pub const ACCOUNT_PERMISSIONS: &str = "/account_api/v1/permissions";
pub const ACCOUNT_PERMISSION: &str = "/account_api/v1/permission/{key}";
pub const ACCOUNT_ROLES: &str = "/account_api/v1/roles";
pub const ACCOUNT_FLAGS: &str = "/account_api/v1/feature_flags";
pub const ACCOUNT_PROPERTIES: &str = "/account_api/v1/properties";
pub const ACCOUNT_ENTITLEMENTS: &str = "/account_api/v1/entitlements";
pub const ACCOUNT_ENTITLEMENT: &str = "/account_api/v1/entitlement";
pub const ACCOUNT_ENTITLEMENT_KEY: &str = "/account_api/v1/entitlement/{key}";
pub const ACCOUNT_PORTAL_LINK: &str = "/account_api/v1/portal_link";
pub const REVOKE: &str = "/oauth2/revoke";
pub const INTROSPECT: &str = "/oauth2/introspect";
pub const PAR: &str = "/oauth2/par";
pub const DEVICE_AUTHORIZATION: &str = "/oauth2/device/auth";
pub const REGISTER: &str = "/oauth2/register";
pub const REGISTERED: &str = "/oauth2/register/{client}";
/// What operators do, for programs.
pub const API: &str = "/api/v1/";
pub const API_OPENAPI: &str = "/api/v1/openapi.json";
pub const API_AUDIT: &str = "/api/v1/audit";
pub const API_AUDIT_VERIFY: &str = "/api/v1/audit/verify";
pub const API_AUDIT_EXPORT: &str = "/api/v1/audit/export";
pub const API_EXPORT: &str = "/api/v1/export";
pub const API_APPLY: &str = "/api/v1/apply";
pub const API_CARRIER_CHECKS: &str = "/api/v1/carrier_checks";
pub const API_CARRIER_CHECK: &str = "/api/v1/carriers/{name}/check";
pub const API_CARRIER_SYNC: &str = "/api/v1/carriers/{name}/sync";
pub const API_CARRIER_TEST: &str = "/api/v1/carriers/{name}/test";
pub const API_CARRIER_TESTED: &str = "/api/v1/carriers/{name}/tests/{id}";
pub const API_CARRIER_HEALTH: &str = "/api/v1/carriers/{name}/health";
pub const API_OVERVIEW: &str = "/api/v1/overview";
pub const API_EVENTS: &str = "/api/v1/events";
pub const API_EVENT: &str = "/api/v1/events/{id}";
pub const API_EVENT_REPLAY: &str = "/api/v1/events/{id}/replay";
pub const API_EVENT_DELIVERIES: &str = "/api/v1/event_deliveries";
pub const API_EVENT_ENDPOINT_TEST: &str = "/api/v1/event_endpoints/{name}/test";
pub const API_PEOPLE: &str = "/api/v1/people";
pub const API_PERSON: &str = "/api/v1/people/{id}";
pub const API_PERSON_SESSIONS: &str = "/api/v1/people/{id}/sessions";
pub const API_PERSON_IDENTIFIERS: &str = "/api/v1/people/{id}/identifiers";
pub const API_PERSON_IDENTIFIER: &str = "/api/v1/people/{id}/identifiers/{identifier}";
pub const API_PERSON_MERGE: &str = "/api/v1/people/{id}/merge";
pub const API_PERSON_EXPORT: &str = "/api/v1/people/{id}/export";
pub const API_PERSON_SIGN_INS: &str = "/api/v1/people/{id}/sign_ins";
pub const API_PERSON_GRANTS: &str = "/api/v1/people/{id}/grants";
pub const API_IMPORTS: &str = "/api/v1/imports";
pub const API_IMPORT: &str = "/api/v1/imports/{id}";
pub const API_IMPORT_LINES: &str = "/api/v1/imports/{id}/lines";
pub const API_SIGN_INS: &str = "/api/v1/sign_ins";
pub const API_SIGN_IN: &str = "/api/v1/sign_ins/{id}";
pub const API_SIGN_IN_RESEND: &str = "/api/v1/sign_ins/{id}/resend";
pub const API_INVITATIONS: &str = "/api/v1/invitations";
pub const API_OPT_OUT: &str = "/api/v1/opt_outs/{id}";
pub const API_DOCTOR: &str = "/api/v1/doctor";
pub const API_OPERATORS: &str = "/api/v1/operators";
pub const API_OPERATOR: &str = "/api/v1/operators/{id}";
pub const API_KEYS: &str = "/api/v1/keys";
pub const API_SENTENCES: &str = "/api/v1/sentences";
pub const API_SETTINGS: &str = "/api/v1/settings";
pub const API_CLIENT_SECRETS: &str = "/api/v1/clients/{id}/secrets";
pub const API_CLIENT_OLD_SECRET: &str = "/api/v1/clients/{id}/secrets/old";
pub const API_CONNECTION_PREVIEW: &str = "/api/v1/connections/{name}/preview";
pub const API_DECLARED: &str = "/api/v1/{noun}";
pub const API_DECLARED_ONE: &str = "/api/v1/{noun}/{name}";
/// What operators do, for people.
pub const PORTAL: &str = "/admin";
pub const PORTAL_SIGN_IN: &str = "/admin/sign-in";
pub const PORTAL_CALLBACK: &str = crate::domain::portal::CALLBACK;
pub const PORTAL_JOIN: &str = "/admin/join";
pub const PORTAL_LEAVE: &str = "/admin/leave";
pub const PORTAL_SIGNED_OUT: &str = crate::domain::portal::SIGNED_OUT;
pub const PORTAL_OPERATORS: &str = "/admin/operators";
pub const PORTAL_OPERATOR: &str = "/admin/operators/{id}";
pub const PORTAL_OPERATOR_REMOVE: &str = "/admin/operators/{id}/remove";
pub const PORTAL_IMPORTS: &str = "/admin/imports";
pub const PORTAL_IMPORT_NEW: &str = "/admin/imports/new";
pub const PORTAL_IMPORT: &str = "/admin/imports/{id}";
pub const PORTAL_DECLARATION: &str = "/admin/declaration";
pub const PORTAL_DECLARATION_EXPORT: &str = "/admin/declaration/export";
pub const PORTAL_EVENT_ENDPOINT_TEST: &str = "/admin/event_endpoints/{name}/test";
pub const PORTAL_KEYS: &str = "/admin/keys";
pub const PORTAL_MESSAGES: &str = "/admin/messages";
pub const PORTAL_SETTINGS: &str = "/admin/settings";
pub const PORTAL_SIGN_INS: &str = "/admin/sign_ins";
pub const PORTAL_SIGN_INS_ONE: &str = "/admin/sign_ins/{id}";
pub const PORTAL_SIGN_IN_RESEND: &str = "/admin/sign_ins/{id}/resend";
pub const PORTAL_PEOPLE: &str = "/admin/people";
pub const PORTAL_PERSON_NEW: &str = "/admin/people/new";
pub const PORTAL_INVITE: &str = "/admin/people/invite";
pub const PORTAL_WRITE_AGAIN: &str = "/admin/people/write-again";
pub const PORTAL_PERSON: &str = "/admin/people/{id}";
pub const PORTAL_PERSON_BLOCK: &str = "/admin/people/{id}/block";
pub const PORTAL_PERSON_SIGN_OUT: &str = "/admin/people/{id}/sign-out";
pub const PORTAL_PERSON_IDENTIFIERS: &str = "/admin/people/{id}/identifiers";
pub const PORTAL_PERSON_IDENTIFIERS_REMOVE: &str = "/admin/people/{id}/identifiers/remove";
pub const PORTAL_PERSON_MERGE: &str = "/admin/people/{id}/merge";
pub const PORTAL_PERSON_COPY: &str = "/admin/people/{id}/copy";
pub const PORTAL_PERSON_ERASE: &str = "/admin/people/{id}/erase";
pub const PORTAL_EVENTS: &str = "/admin/events";
pub const PORTAL_EVENT_DELIVERIES: &str = "/admin/events/deliveries";
pub const PORTAL_EVENT: &str = "/admin/events/{id}";
pub const PORTAL_EVENT_REPLAY: &str = "/admin/events/{id}/replay";
pub const PORTAL_AUDIT: &str = "/admin/audit";
pub const PORTAL_AUDIT_EXPORT: &str = "/admin/audit/export";
pub const PORTAL_CARRIER_NEW: &str = "/admin/new/carriers";
pub const PORTAL_CARRIER_CHECK_NEW: &str = "/admin/new/carriers/check";
pub const PORTAL_CARRIER_CHECK: &str = "/admin/carriers/{name}/check";
pub const PORTAL_CARRIER_LOOK: &str = "/admin/carriers/{name}/look";
pub const PORTAL_CARRIER_SYNC: &str = "/admin/carriers/{name}/sync";
pub const PORTAL_CARRIER_TEST: &str = "/admin/carriers/{name}/test";
pub const PORTAL_CARRIER_TESTED: &str = "/admin/carriers/{name}/tests/{id}";
pub const PORTAL_CONNECTION_PREVIEW: &str = "/admin/connections/{name}/preview";
pub const PORTAL_CLIENT_CONNECT: &str = "/admin/clients/{name}/connect";
pub const PORTAL_CLIENT_TRY: &str = "/admin/clients/{name}/try";
/// As `domain::portal::tried` writes it.
pub const PORTAL_CLIENT_TRIED: &str = "/admin/clients/{name}/tried";
pub const PORTAL_CLIENT_SECRETS: &str = "/admin/clients/{name}/secrets";
pub const PORTAL_CLIENT_SECRETS_END: &str = "/admin/clients/{name}/secrets/end";
pub const PORTAL_CLIENT_LOOKS: &str = "/admin/clients/{name}/looks";
pub const PORTAL_CLIENT_PREVIEW: &str = "/admin/clients/{name}/preview";
/// What is being filled in: a thing of any name has its own path below `/admin/{noun}`.
pub const PORTAL_CHECK: &str = "/admin/check/{noun}";
pub const PORTAL_TEXT_LOOK: &str = "/admin/texts/look";
pub const PORTAL_DECLARED: &str = "/admin/{noun}";
pub const PORTAL_DECLARED_NEW: &str = "/admin/new/{noun}";
pub const PORTAL_DECLARED_ONE: &str = "/admin/{noun}/{name}";
pub const PORTAL_DECLARED_DELETE: &str = "/admin/{noun}/{name}/delete";
pub const LOGOUT: &str = "/logout";
pub const SIGNED_OUT: &str = "/signed-out";
pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
pub const OAUTH_AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";
pub const JWKS: &str = "/.well-known/jwks.json";
/// Where some SDKs look.
pub const JWKS_SHORT: &str = "/.well-known/jwks";

/// A person's own page.
pub const ACCOUNT: &str = "/account";
pub const ACCOUNT_OPEN: &str = "/account/open";
pub const ACCOUNT_TAKE_BACK: &str = "/account/take-back";
pub const ACCOUNT_EVERYWHERE: &str = "/account/sign-out-everywhere";

pub const IDENTIFIER: &str = "/sign-in";
pub const PASSCODE: &str = "/passcode";
pub const RESEND: &str = "/passcode/resend";
/// Where people allow somebody else's application what it asks for.
pub const CONSENT: &str = "/consent";
/// Where a sign-in is called off.
pub const CANCEL: &str = "/cancel";
/// Where a device's code is typed, and what it asks for is shown and confirmed.
pub const DEVICE: &str = "/device";
pub const DEVICE_DONE: &str = "/device/done";
/// How the passcode fares, for the page that waits for it.
pub const PASSCODE_LIVE: &str = "/passcode/live";
pub const COUNTRIES: &str = "/countries.json";
pub const LOGO: &str = "/logo/{client}";
pub const STATIC: &str = "/static/{file}";

/// Where each carrier reports what became of messages.
pub const RECEIPTS: &str = "/carriers/{carrier}/receipts";

pub const LIVE: &str = "/health/live";
pub const READY: &str = "/health/ready";
pub const METRICS: &str = "/metrics";

pub const PHONE: &str = "/dev/phone";
pub const PHONE_LIVE: &str = "/dev/phone/live";
pub const PHONE_MESSAGES: &str = "/dev/phone/messages";

/// Where the API has somebody.
pub fn api_person(id: &str) -> String {
    API_PERSON.replace("{id}", id)
}

/// As an issuer URL with a slash too much makes it: some SDKs put a path behind it as it is.
pub fn doubled(path: &str) -> String {
    format!("/{path}")
}

/// A page of an interaction.
pub fn of(path: &str, interaction: &str) -> String {
    format!("{path}?interaction={interaction}")
}

/// The page of a step.
pub fn step(step: Step, interaction: &str) -> String {
    let path = match step {
        Step::Consent => CONSENT,
        Step::Prove => PASSCODE,
        Step::Identify | Step::Answer => IDENTIFIER,
    };
    of(path, interaction)
}

/// The last page of whoever answered a device.
pub fn device_done(told: Told) -> String {
    format!("{DEVICE_DONE}?done={}", told.as_str())
}

/// The identifier page with one way in chosen.
pub fn identifier_by(interaction: &str, method: &str) -> String {
    let method = url::form_urlencoded::byte_serialize(method.as_bytes()).collect::<String>();
    format!("{IDENTIFIER}?interaction={interaction}&method={method}")
}

/// The identifier page with its form open, where a hint would only be confirmed, or a passcode was asked for already.
pub fn identifier_again(interaction: &str) -> String {
    format!("{IDENTIFIER}?interaction={interaction}&edit=1")
}

/// Where a sign-in is begun again.
pub fn again(request: &AuthRequest) -> String {
    if request.device.is_some() { DEVICE.to_owned() } else { authorize_again(&request.query) }
}

/// Begins the same authorization anew.
pub fn authorize_again(query: &str) -> String {
    format!("{AUTHORIZE}?{query}")
}

/// One segment of the path, though the id may be an URL.
pub fn logo(client: &str) -> String {
    format!("/logo/{}", segment(client))
}

/// Where the API has one declared thing.
pub fn api_declared(noun: &str, name: &str) -> String {
    format!("/api/v1/{noun}/{}", segment(name))
}

/// Where the portal looks at a form that is not sent yet; of one there is, by its name.
pub fn portal_check(section: &str, name: Option<&str>) -> String {
    let name = name.map_or_else(String::new, |name| format!("?name={}", segment(name)));
    format!("{}{name}", PORTAL_CHECK.replace("{noun}", section))
}

/// Where the portal has one thing of a section.
pub fn portal_one(section: &str, name: &str) -> String {
    format!("/admin/{section}/{}", segment(name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_logo_is_one_segment_whatever_the_id() {
        assert_eq!(super::logo("shop"), "/logo/shop");
        let url = "https://app.example/client?x=1&y=a b#\"";
        assert_eq!(super::logo(url), "/logo/https%3A%2F%2Fapp.example%2Fclient%3Fx%3D1%26y%3Da%20b%23%22");
    }
}
