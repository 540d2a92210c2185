//! Which fields each noun has; clients and carriers have files of their own.

use super::Shape::{
    Among, Chosen, Json, Lines, Maybe, Number, OneOf, Ordered, Pairs, Paragraph, Secret, Text, Toggle, Value,
};
use super::{Field, Group, Source, carriers, clients, connections, field, folded, group};
use crate::domain::declaration::Noun;

pub const CHANNELS: &[(&str, &str)] = &[
    ("", ""),
    ("whatsapp", "WhatsApp"),
    ("sms", "SMS"),
    ("voice", "Call"),
    ("telegram", "Telegram"),
    ("email", "E-mail"),
];

/// `kind` is a carrier's.
pub fn groups(noun: Noun, kind: &str) -> Vec<Group> {
    match noun {
        Noun::Client => clients::GROUPS.to_vec(),
        Noun::Carrier => carriers::groups(kind),
        Noun::Connection => connections::GROUPS.to_vec(),
        Noun::Cap => vec![group("", CAP)],
        Noun::Resource => vec![group("", RESOURCE)],
        Noun::Scope => vec![group("", SCOPE)],
        Noun::Organization => vec![group("", ORGANIZATION)],
        Noun::Role => vec![group("", ROLE)],
        Noun::Permission => vec![group("", PERMISSION)],
        Noun::FeatureFlag => vec![group("", FEATURE_FLAG)],
        Noun::Registration => vec![group("", REGISTRATION), folded("Signed statements", STATEMENTS)],
        Noun::TestIdentifier => vec![group("", TEST_IDENTIFIER)],
        Noun::EventEndpoint => vec![group("", EVENT_ENDPOINT)],
        Noun::Text => vec![group("", TEXT)],
    }
}

const CAP: &[Field] = &[
    field("per", "Every", "", OneOf(&[("hour", "Hour"), ("day", "Day")])),
    field(
        "most",
        "At most",
        "In the currency of your prices, like 25 or 0.50. SMS and calls stop there; free channels go on.",
        Text,
    ),
    field("country", "Only for the country", "", Chosen(Source::Countries, "everywhere")),
    field("client", "Only for the application", "", Chosen(Source::Clients, "all")),
];

const RESOURCE: &[Field] = &[
    field("uri", "Identifier", "What apps send as audience or resource: an absolute URI.", Text),
    field(
        "name",
        "Name",
        "As people read it when they are asked. In several languages: en = Orders, one a line.",
        Pairs,
    ),
    field("scopes", "Scopes", "", Among(Source::Scopes)),
    field("servers", "Servers", "Applications that may introspect its tokens.", Among(Source::Clients)),
];

const SCOPE: &[Field] = &[
    field("name", "Scope", "As it is asked for.", Text),
    field("description", "What people allow by it", "In several languages: en = Read your orders, one a line.", Pairs),
];

const ORGANIZATION: &[Field] = &[
    field("code", "Code", "default, or org_ and letters, digits, _.", Text),
    field("name", "Name", "", Text),
    field("external_id", "Your own id of it", "", Text),
    field("flags", "Feature flags", "As JSON, like {\"dark\": true}.", Json),
];

const ROLE: &[Field] = &[
    field("key", "Key", "As tokens say it.", Text),
    field("name", "Name", "", Text),
    field("description", "Description", "", Text),
    field("permissions", "Permissions", "", Among(Source::Permissions)),
];

const PERMISSION: &[Field] =
    &[field("key", "Key", "As tokens say it, like read:orders.", Text), field("name", "Name", "", Text)];

const FEATURE_FLAG: &[Field] = &[
    field("key", "Key", "", Text),
    field("name", "Name", "", Text),
    field(
        "type",
        "Kind",
        "",
        OneOf(&[("boolean", "Yes or no"), ("string", "Text"), ("integer", "Number"), ("object", "JSON object")]),
    ),
    field("value", "Value", "true, 3, {\"most\": 3}, or a text.", Value),
];

const REGISTRATION: &[Field] = &[
    field("name", "Name", "", Text),
    field("open", "Without a token", "Anybody may register an application.", Toggle(false)),
    field("token", "Initial access token", "Left empty, one is made and shown once.", Secret),
    field("per_hour", "Registrations an hour", "", Number),
    field("most_clients", "Applications at most", "", Number),
    field("expires_at", "Until", "Like 2031-01-31T00:00:00Z.", Text),
    field("grant_types", "Grant types", "", Among(Source::GrantTypes)),
    field("scopes", "Scopes", "", Among(Source::Scopes)),
    field(
        "redirect_hosts",
        "Hosts redirects may lead to",
        "One a line; .example.com means every host below it.",
        Lines,
    ),
    field("connections", "Connections", "", Ordered(Source::Connections)),
    field("third_party", "Somebody else's", "People are asked before such an application gets anything.", Maybe),
    field("require_pkce", "PKCE needed", "", Maybe),
];

const STATEMENTS: &[Field] = &[
    field("statement_jwks", "Keys of who signs software statements", "A JWK set.", Json),
    field("software_ids", "Software ids", "One a line.", Lines),
];

const TEST_IDENTIFIER: &[Field] = &[
    field("identifier", "Number or address", "Never beside real people: its code is fixed.", Text),
    field("passcode", "Its code", "", Text),
];

const EVENT_ENDPOINT: &[Field] = &[
    field("name", "Name", "Letters, digits, . _ -.", Text),
    field("url", "Address", "Where events are posted: an https URL.", Text),
    field("events", "What it hears", "", Among(Source::Events)),
    field("enabled", "Is told", "Switched off, what was waiting waits, and nothing new is written down.", Toggle(true)),
    field(
        "form",
        "Form",
        "",
        OneOf(&[("standard", "JSON, as Standard Webhooks has it"), ("jwt", "A JWT, as Kinde's webhooks are")]),
    ),
    field("secret", "Signing secret", "whsec_…. Left empty, one is made and shown once.", Secret),
    field("identifiers", "Numbers and addresses", "It reads them whole, not masked.", Toggle(false)),
    field("allow_private", "Private addresses", "It may stand at one, and speak plain http.", Toggle(false)),
];

const TEXT: &[Field] = &[
    field("language", "Language", "", Chosen(Source::Languages, "")),
    field("key", "Sentence", "Like sms-passcode.", Text),
    field("client", "Only for the application", "", Chosen(Source::Clients, "all")),
    field("text", "Text", "What is put in stands in it as { $code }.", Paragraph),
];
