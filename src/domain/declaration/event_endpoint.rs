//! `[[event_endpoint]]`: who hears of what happens.

use super::{Faults, NAME, Noun, Outside, is_name};
use crate::domain::carrier::{Webhook, is_url};
use crate::domain::event::{EventEndpoint, Form, Kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventEndpoint)]
pub(super) struct EndpointDeclared {
    pub(super) name: String,
    url: String,
    #[serde(default = "all")]
    events: Vec<String>,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default = "standard")]
    form: String,
    secret: Option<SecretDeclared>,
    #[serde(skip_serializing)]
    #[schema(ignore)]
    secret_file: Option<String>,
    #[serde(default)]
    identifiers: bool,
    #[serde(default)]
    allow_private: bool,
}

/// The secret itself, or `{ kept = true }` in its place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = EventEndpointSecret)]
enum SecretDeclared {
    Given(String),
    Kept(Kept),
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Kept)]
struct Kept {
    kept: bool,
}

/// Its secret is still to be sealed: given, or to be kept or made.
#[derive(Debug)]
pub struct WantedEndpoint {
    pub endpoint: EventEndpoint,
    pub secret: Option<String>,
}

fn all() -> Vec<String> {
    vec!["*".to_owned()]
}

fn yes() -> bool {
    true
}

fn standard() -> String {
    Form::Standard.as_str().to_owned()
}

impl EndpointDeclared {
    pub fn of(endpoint: &EventEndpoint) -> Self {
        Self {
            name: endpoint.name.clone(),
            url: endpoint.url.clone(),
            events: endpoint.events.clone(),
            enabled: endpoint.enabled,
            form: endpoint.form.as_str().to_owned(),
            secret: Some(SecretDeclared::Kept(Kept { kept: true })),
            secret_file: None,
            identifiers: endpoint.identifiers,
            allow_private: endpoint.allow_private,
        }
    }

    pub(super) fn check(self, outside: &Outside<'_>, faults: &mut Faults<'_>) -> Option<WantedEndpoint> {
        let before = faults.list.len();
        if !is_name(&self.name) {
            faults.tell("name", NAME);
        }
        if !is_url(&self.url, self.allow_private) {
            faults.tell("url", "an https URL; http only with allow_private = true");
        }
        if self.events.is_empty() {
            faults.tell("events", "at least one, like \"subject.*\"; \"*\" for all");
        }
        for text in self.events.iter().filter(|text| !EventEndpoint::is_pattern(text)) {
            let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::as_str).collect();
            faults.tell(
                "events",
                format!("\"{text}\" is none: *, a beginning like subject.*, or one of {}", known.join(", ")),
            );
        }
        let form = faults.must("form", Form::parse(&self.form), &Form::NAMES.join(" or "));
        let secret = read_secret(&self.name, self.secret, self.secret_file, outside, faults);
        if secret.as_deref().is_some_and(|secret| Webhook::signing_key(secret).is_none()) {
            faults.tell("secret", "whsec_ and base64 of 24 bytes or more; left out, one is made and shown once");
        }
        let endpoint = EventEndpoint {
            name: self.name,
            url: self.url,
            events: self.events,
            enabled: self.enabled,
            form: form?,
            identifiers: self.identifiers,
            allow_private: self.allow_private,
            sealed_secret: String::new(),
        };
        (faults.list.len() == before).then_some(WantedEndpoint { endpoint, secret })
    }
}

/// The one given; or nothing, where it stays what it is or is to be made.
fn read_secret(
    name: &str,
    secret: Option<SecretDeclared>,
    file: Option<String>,
    outside: &Outside<'_>,
    faults: &mut Faults<'_>,
) -> Option<String> {
    match (secret, file) {
        (None, None) => None,
        (Some(SecretDeclared::Given(secret)), None) => Some(secret),
        (Some(SecretDeclared::Kept(Kept { kept: true })), None) => {
            let allowed =
                "{ kept = true } keeps what is here already, and nothing is: give it, a file of it, or neither";
            faults.must("secret", (outside.kept)(Noun::EventEndpoint, name, "secret"), allowed)
        }
        (None, Some(path)) => match (outside.read_file)(&path).map(String::from_utf8) {
            Ok(Ok(secret)) => Some(secret.trim_end_matches(['\n', '\r']).to_owned()),
            Ok(Err(_)) => faults.must("secret_file", None, "a text file"),
            Err(error) => faults.must("secret_file", None, &error),
        },
        _ => faults.must("secret", None, "a text, { kept = true }, or a file named by secret_file"),
    }
}
