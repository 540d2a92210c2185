//! The portal's table of contents.

use super::desk::Place;
use crate::domain::declaration::Noun;
use crate::domain::management::Subject;

pub const GROUPS: &[(&str, &[Place])] = &[
    (
        "What happens",
        &[
            Place::new("", "Overview", Subject::Overview),
            Place::new("sign_ins", "Sign-ins", Subject::SignIns),
            Place::new("people", "People", Subject::People),
            Place::new("imports", "Imports", Subject::Imports),
            Place::new("events", "Events", Subject::Events),
        ],
    ),
    (
        "Ways in",
        &[
            Place::new("connections", "Connections", Subject::Declared(Noun::Connection)),
            Place::new("carriers", "Carriers", Subject::Declared(Noun::Carrier)),
            Place::new("caps", "Spending caps", Subject::Declared(Noun::Cap)),
            Place::new("test_identifiers", "Test identifiers", Subject::Declared(Noun::TestIdentifier)),
        ],
    ),
    (
        "Apps",
        &[
            Place::new("clients", "Applications", Subject::Declared(Noun::Client)),
            Place::new("messages", "Messages and words", Subject::Declared(Noun::Text)),
            Place::new("registrations", "Self-registration", Subject::Declared(Noun::Registration)),
            Place::new("resources", "APIs", Subject::Declared(Noun::Resource)),
            Place::new("scopes", "Scopes", Subject::Declared(Noun::Scope)),
        ],
    ),
    (
        "Organizations",
        &[
            Place::new("organizations", "Organizations", Subject::Declared(Noun::Organization)),
            Place::new("roles", "Roles", Subject::Declared(Noun::Role)),
            Place::new("permissions", "Permissions", Subject::Declared(Noun::Permission)),
            Place::new("feature_flags", "Feature flags", Subject::Declared(Noun::FeatureFlag)),
        ],
    ),
    (
        "This installation",
        &[
            Place::new("operators", "Operators", Subject::Operators),
            Place::new("keys", "Signing keys", Subject::Keys),
            Place::new("settings", "Settings", Subject::Settings),
            Place::new("event_endpoints", "Event endpoints", Subject::Declared(Noun::EventEndpoint)),
            Place::new("declaration", "As a file", Subject::Declaration),
            Place::new("audit", "Audit", Subject::Audit),
        ],
    ),
];
