//! What an application's form holds.

use super::Shape::{Among, Json, Lines, Maybe, Number, OneOf, Ordered, Pairs, Picture, Text, Toggle};
use super::{Field, Group, Source, field, folded, group};

const SIGNED: &[(&str, &str)] = &[("", "as usual"), ("RS256", "RS256"), ("ES256", "ES256"), ("EdDSA", "EdDSA")];

const NAME: Field = field("name", "Name", "As people read it when they sign in.", Text);

pub const NAMED: &[Field] = &[NAME];

pub const LOOKS: &[Field] = &[
    field("color", "Colour", "Like #0a7f5a. Where text on it would be hard to read, a near one is taken.", Text),
    field(
        "css",
        "Style",
        "--radius = 4px, --font = Georgia, serif, --page = #fafafa, --page-dark = #101010: one a line, nothing else.",
        Pairs,
    ),
    field("logo", "Logo", "", Picture),
    field("terms_url", "Terms", "", Text),
    field("privacy_url", "Privacy", "", Text),
    field("client_uri", "Home page", "", Text),
    field("initiate_login_uri", "Where the app begins a sign-in", "", Text),
];

pub const GROUPS: &[Group] = &[
    group(
        "",
        &[
            field("id", "Client id", "What the app sends as client_id. Letters, digits, . _ -.", Text),
            NAME,
            field(
                "kind",
                "Kind",
                "",
                OneOf(&[
                    ("web", "Web app with a server"),
                    ("spa", "Single-page app"),
                    ("native", "Phone or desktop app"),
                    ("machine", "Machine: no person signs in"),
                ]),
            ),
            field(
                "redirect_uris",
                "Redirect URLs",
                "Where people come back to. One a line, exactly as the app sends them.",
                Lines,
            ),
            field("post_logout_redirect_uris", "URLs after sign-out", "One a line.", Lines),
            field("connections", "Connections", "The ways in it offers, in this order.", Ordered(Source::Connections)),
            field("sign_up", "New people may sign up", "", Toggle(true)),
        ],
    ),
    group("Looks", LOOKS),
    folded(
        "Tokens",
        &[
            field("access_token_seconds", "Access token lives, seconds", "", Number),
            field("id_token_seconds", "ID token lives, seconds", "", Number),
            field("refresh_token_seconds", "Refresh token lives, seconds", "", Number),
            field("algorithm", "Signed with", "", OneOf(SIGNED)),
            field("claims_in_id_token", "Name and address in the ID token", "", Toggle(true)),
            field("roles_in_tokens", "Roles in tokens", "", Toggle(false)),
            field("hasura_claims", "Hasura claims", "", Toggle(false)),
            field("opaque_tokens", "Opaque access tokens", "", Toggle(false)),
            field("userinfo_algorithm", "Userinfo signed with", "", OneOf(SIGNED)),
            field("introspection_algorithm", "Introspection signed with", "", OneOf(SIGNED)),
        ],
    ),
    folded(
        "Security",
        &[
            field(
                "profile",
                "Profile",
                "fapi2 is for banks; compat forgives what Kinde forgives.",
                OneOf(&[
                    ("", "as usual"),
                    ("default", "Default"),
                    ("compat", "Compatible with Kinde"),
                    ("fapi2", "FAPI 2.0"),
                ]),
            ),
            field(
                "auth_method",
                "How it shows who it is",
                "",
                OneOf(&[
                    ("", "as its kind usually does"),
                    ("none", "none: it can keep no secret"),
                    ("client_secret_basic", "client_secret_basic"),
                    ("client_secret_post", "client_secret_post"),
                    ("client_secret_jwt", "client_secret_jwt"),
                    ("private_key_jwt", "private_key_jwt"),
                    ("tls_client_auth", "tls_client_auth"),
                ]),
            ),
            field("jwks", "Its public keys", "A JWK set.", Json),
            field("jwks_uri", "Where its public keys are", "", Text),
            field("certificate", "Its certificate's subject", "Like CN=office.", Text),
            field("require_pkce", "PKCE needed", "", Maybe),
            field("require_par", "Requests must be pushed", "", Toggle(false)),
            field("require_signed_request", "Requests must be signed", "", Toggle(false)),
            field("dpop_bound", "Tokens bound by DPoP", "", Toggle(false)),
            field("tls_bound", "Tokens bound to its certificate", "", Toggle(false)),
            field("third_party", "Somebody else's", "People are asked before it gets anything.", Toggle(false)),
            field("grant_types", "Grant types", "None: what its kind usually does.", Among(Source::GrantTypes)),
            field("scopes", "Scopes it may ask for", "None: all there are.", Among(Source::Scopes)),
            field("resources", "APIs it may ask tokens for", "None: all there are.", Among(Source::Resources)),
            field("create_organizations", "People may bring an organization along", "", Toggle(false)),
        ],
    ),
    folded(
        "Sign-out",
        &[
            field("backchannel_logout_uri", "Told at, server to server", "", Text),
            field("backchannel_logout_session_required", "With the session's id", "", Toggle(true)),
            field("frontchannel_logout_uri", "Told at, through the browser", "", Text),
            field("frontchannel_logout_session_required", "With the session's id", "", Toggle(true)),
        ],
    ),
];
