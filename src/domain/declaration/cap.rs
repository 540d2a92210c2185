//! `[[cap]]`: how much may be spent on messages.

use super::Faults;
use crate::domain::delivery::{Cap, Micros, Per, Scope};
use crate::domain::phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Cap)]
pub(super) struct CapDeclared {
    client: Option<String>,
    country: Option<String>,
    per: String,
    /// An amount, in quotes or as a number.
    #[schema(value_type = String)]
    most: toml::Value,
}

impl CapDeclared {
    pub fn of(cap: &Cap) -> Self {
        let (client, country) = match &cap.scope {
            Scope::Installation => (None, None),
            Scope::Client(client) => (Some(client.clone()), None),
            Scope::Country(country) => (None, Some(country.clone())),
        };
        Self { client, country, per: cap.per.as_str().to_owned(), most: toml::Value::String(cap.most.to_string()) }
    }
}

pub(super) fn check(declared: CapDeclared, faults: &mut Faults<'_>) -> Option<Cap> {
    let scope = match (declared.client, declared.country) {
        (None, None) => Some(Scope::Installation),
        (Some(client), None) => Some(Scope::Client(client)),
        (None, Some(country)) if country == "*" || phone::is_country(&country) => Some(Scope::Country(country)),
        (None, Some(_)) => faults.must("country", None, "an ISO 3166 alpha-2 code in capitals, like NG, or *"),
        (Some(_), Some(_)) => faults.must("client", None, "either client or country, or neither for the installation"),
    };
    let per = match declared.per.as_str() {
        "hour" => Some(Per::Hour),
        "day" => Some(Per::Day),
        _ => faults.must("per", None, "hour or day"),
    };
    let most = faults.must("most", amount(&declared.most), "an amount like \"25\" or \"0.50\"");
    Some(Cap { scope: scope?, per: per?, most: most? })
}

/// An amount in quotes, or a plain number.
pub(super) fn amount(value: &toml::Value) -> Option<Micros> {
    match value {
        toml::Value::String(text) => Micros::parse(text),
        toml::Value::Integer(whole) => Micros::parse(&whole.to_string()),
        toml::Value::Float(number) => Micros::parse(&number.to_string()),
        _ => None,
    }
}
