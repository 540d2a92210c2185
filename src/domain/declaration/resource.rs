//! Declared resources and scopes: what tokens are for, with the words people read.

use super::Faults;
use crate::domain::resource::{ByLanguage, DeclaredScope, Resource};
use crate::domain::scope::Scope;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

/// `"text"`, or `{ en = "text", fr = "texte" }`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Worded)]
enum Worded {
    Plain(String),
    Each(ByLanguage),
}

impl Worded {
    fn read(self, field: &str, faults: &mut Faults<'_>) -> ByLanguage {
        let texts = match self {
            Self::Plain(text) => ByLanguage::from([("en".to_owned(), text)]),
            Self::Each(texts) => texts,
        };
        let fits = |text: &String| (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if texts.is_empty() || !texts.values().all(fits) {
            faults.tell(field, "1 to 200 characters in at least one language, like { en = \"Read your orders\" }");
        }
        texts
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Resource)]
pub(super) struct ResourceDeclared {
    uri: String,
    name: Worded,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    servers: Vec<String>,
}

impl ResourceDeclared {
    pub fn of(resource: &Resource) -> Self {
        Self {
            uri: resource.uri.clone(),
            name: Worded::Each(resource.name.clone()),
            scopes: resource.scopes.clone(),
            servers: resource.servers.clone(),
        }
    }

    pub(super) fn check(self, faults: &mut Faults<'_>) -> Option<Resource> {
        let before = faults.list.len();
        // RFC 8707 §2.
        if self.uri.contains('#') || self.uri.contains(' ') || Url::parse(&self.uri).is_err() {
            faults.tell("uri", "an absolute URI without a fragment, like \"https://api.example.com\"");
        }
        let name = self.name.read("name", faults);
        self.scopes.iter().for_each(|scope| check_scope("scopes", scope, faults));
        (faults.list.len() == before).then_some(Resource {
            uri: self.uri,
            name,
            scopes: self.scopes,
            servers: self.servers,
        })
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Scope)]
pub(super) struct ScopeDeclared {
    name: String,
    description: Worded,
}

impl ScopeDeclared {
    pub fn of(scope: &DeclaredScope) -> Self {
        Self { name: scope.name.clone(), description: Worded::Each(scope.description.clone()) }
    }

    pub(super) fn check(self, faults: &mut Faults<'_>) -> Option<DeclaredScope> {
        let before = faults.list.len();
        check_scope("name", &self.name, faults);
        let description = self.description.read("description", faults);
        (faults.list.len() == before).then_some(DeclaredScope { name: self.name, description })
    }
}

fn check_scope(field: &str, scope: &str, faults: &mut Faults<'_>) {
    if scope.is_empty() || scope.contains(' ') || Scope::parse(scope).is_none() {
        faults.tell(field, format!("\"{scope}\" is no scope: printable characters without spaces and quotes"));
    }
}
