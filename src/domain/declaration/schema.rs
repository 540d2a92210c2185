//! What each declared thing looks like, as JSON Schema: for the API's own description.

use super::event_endpoint::EndpointDeclared;
use super::{CapDeclared, ClientDeclared, ConnectionDeclared, Declaration, Noun, TestDeclared};
use super::{carrier, organization, registration, resource, wording};
use crate::domain::carrier::CarrierKind;
use crate::domain::event::Form;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// How long texts may be: what is longer is refused when it is read.
const LENGTHS: [(&str, &str, u32); 6] = [
    ("Client", "name", 40),
    ("Organization", "name", 100),
    ("Organization", "external_id", 100),
    ("Role", "name", 100),
    ("Permission", "name", 100),
    ("FeatureFlag", "name", 100),
];

impl Noun {
    /// The name of its schema.
    pub fn schema(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Connection => "Connection",
            Self::Carrier => "Carrier",
            Self::Cap => "Cap",
            Self::Resource => "Resource",
            Self::Scope => "Scope",
            Self::Organization => "Organization",
            Self::Role => "Role",
            Self::Permission => "Permission",
            Self::FeatureFlag => "FeatureFlag",
            Self::Registration => "Registration",
            Self::TestIdentifier => "TestIdentifier",
            Self::EventEndpoint => "EventEndpoint",
            Self::Text => "Text",
        }
    }
}

impl Declaration {
    /// Every schema, by its name.
    pub fn schemas() -> Map<String, Value> {
        let mut all: Vec<(String, RefOr<Schema>)> = Vec::new();
        add::<ClientDeclared>(&mut all);
        add::<ConnectionDeclared>(&mut all);
        add::<CapDeclared>(&mut all);
        add::<resource::ResourceDeclared>(&mut all);
        add::<resource::ScopeDeclared>(&mut all);
        add::<organization::OrganizationDeclared>(&mut all);
        add::<organization::RoleDeclared>(&mut all);
        add::<organization::PermissionDeclared>(&mut all);
        add::<organization::FlagDeclared>(&mut all);
        add::<registration::RegistrationDeclared>(&mut all);
        add::<TestDeclared>(&mut all);
        add::<EndpointDeclared>(&mut all);
        add::<wording::TextDeclared>(&mut all);
        add::<carrier::Common>(&mut all);
        let mut schemas: Map<String, Value> =
            all.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default())).collect();
        let words = [
            ("Client", "kind", &["web", "spa", "native", "machine"][..]),
            ("Connection", "kind", &["phone", "email"]),
            ("Carrier", "kind", &CarrierKind::NAMES),
            ("Cap", "per", &["hour", "day"]),
            ("EventEndpoint", "form", &Form::NAMES),
            ("FeatureFlag", "type", &["string", "boolean", "integer", "object"]),
        ];
        for (schema, field, words) in words {
            restrict(&mut schemas, schema, field, "enum", json!(words));
        }
        let named = ["Connection", "Carrier", "Registration", "EventEndpoint"].map(|schema| (schema, "name"));
        let names = [("Client", "id")].into_iter().chain(named);
        for (schema, field) in names {
            restrict(&mut schemas, schema, field, "pattern", json!("^[A-Za-z0-9_.-]{1,64}$"));
        }
        for schema in ["Role", "Permission", "FeatureFlag"] {
            restrict(&mut schemas, schema, "key", "pattern", json!("^[A-Za-z0-9_.:-]{1,64}$"));
        }
        restrict(&mut schemas, "Organization", "code", "pattern", json!("^(default|org_[A-Za-z0-9_]{1,60})$"));
        for (schema, field, most) in LENGTHS {
            restrict(&mut schemas, schema, field, "minLength", json!(1));
            restrict(&mut schemas, schema, field, "maxLength", json!(most));
        }
        restrict(&mut schemas, "Resource", "uri", "format", json!("uri"));
        restrict(&mut schemas, "Cap", "most", "pattern", json!("^[0-9]{1,9}(\\.[0-9]{1,6})?$"));
        // Each kind has settings and secrets of its own beside these.
        if let Some(carrier) = schemas.get_mut(Noun::Carrier.schema()) {
            carrier["additionalProperties"] = json!(true);
        }
        schemas
    }
}

fn restrict(schemas: &mut Map<String, Value>, schema: &str, field: &str, by: &str, to: Value) {
    if let Some(field) = schemas.get_mut(schema).and_then(|schema| schema["properties"].get_mut(field)) {
        field[by] = to;
    }
}

fn add<T: ToSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
    all.push((T::name().into_owned(), <T as PartialSchema>::schema()));
    T::schemas(all);
}
