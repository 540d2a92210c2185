//! What the portal calls each declared thing, and what it says of them.

use crate::domain::declaration::Noun;

pub fn title(noun: Noun) -> &'static str {
    match noun {
        Noun::Client => "Applications",
        Noun::Connection => "Connections",
        Noun::Carrier => "Carriers",
        Noun::Cap => "Spending caps",
        Noun::Resource => "APIs",
        Noun::Scope => "Scopes",
        Noun::Organization => "Organizations",
        Noun::Role => "Roles",
        Noun::Permission => "Permissions",
        Noun::FeatureFlag => "Feature flags",
        Noun::Registration => "Self-registration",
        Noun::TestIdentifier => "Test identifiers",
        Noun::EventEndpoint => "Event endpoints",
        Noun::Text => "Words",
    }
}

pub fn one(noun: Noun) -> &'static str {
    match noun {
        Noun::Client => "application",
        Noun::Connection => "connection",
        Noun::Carrier => "carrier",
        Noun::Cap => "cap",
        Noun::Resource => "API",
        Noun::Scope => "scope",
        Noun::Organization => "organization",
        Noun::Role => "role",
        Noun::Permission => "permission",
        Noun::FeatureFlag => "feature flag",
        Noun::Registration => "policy",
        Noun::TestIdentifier => "test identifier",
        Noun::EventEndpoint => "event endpoint",
        Noun::Text => "sentence",
    }
}

pub fn about(noun: Noun) -> &'static str {
    match noun {
        Noun::Client => "The apps people sign in to.",
        Noun::Connection => {
            "The ways in that apps offer: a phone number with its ladder of channels, or an e-mail address."
        }
        Noun::Carrier => "The companies that deliver codes.",
        Noun::Cap => "At a cap SMS and calls stop, free channels go on, and you are told.",
        Noun::Resource => "What access tokens are for.",
        Noun::Scope => "What apps may ask people to allow.",
        Noun::Organization => "Who people belong to.",
        Noun::Role => "What people are in an organization.",
        Noun::Permission => "What roles allow.",
        Noun::FeatureFlag => "Values that apps read from tokens.",
        Noun::Registration => "Under which rules applications register themselves.",
        Noun::Text => "Sentences of pages and messages in your own words.",
        Noun::TestIdentifier => "Numbers and addresses whose code is fixed. Never on an installation for real people.",
        Noun::EventEndpoint => "Servers of yours that hear of what happens.",
    }
}
