//! Organizations, what their people may do, and what is switched on for them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Organization {
    /// `org_…`
    pub code: String,
    pub name: String,
    /// What the operator's own systems call it.
    pub external_id: Option<String>,
    /// Feature flags that differ from the installation's, by key.
    pub flags: BTreeMap<String, Value>,
}

/// What somebody is in an organization: a name for permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// `role_…`
    pub id: String,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub permissions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// `perm_…`
    pub id: String,
    pub key: String,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlagKind {
    String,
    Boolean,
    Integer,
    Object,
}

impl FlagKind {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "string" => Some(Self::String),
            "boolean" => Some(Self::Boolean),
            "integer" => Some(Self::Integer),
            "object" => Some(Self::Object),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Object => "object",
        }
    }

    /// The letter tokens say it by.
    pub fn letter(self) -> &'static str {
        match self {
            Self::String => "s",
            Self::Boolean => "b",
            Self::Integer => "i",
            Self::Object => "j",
        }
    }

    pub fn holds(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64(),
            Self::Object => value.is_object(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureFlag {
    /// `flag_…`
    pub id: String,
    pub key: String,
    pub name: String,
    pub kind: FlagKind,
    pub value: Value,
}

/// What somebody was given in one organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    pub organization: Organization,
    pub roles: Vec<String>,
    pub permissions: Vec<String>,
}
