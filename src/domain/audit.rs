//! Who changed what. An entry cannot be changed, or taken out, without its mac, or the next one's, telling so.

use super::time::Time;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;

/// Who acts, and through which door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run commands on the machine.
    Command,
    /// A client of the API, by its id; or one that looks after what it registered.
    Client(String),
    /// A person in the portal, by their account's id.
    Operator(String),
    /// Whoever set the installation up by its first link.
    FirstLink,
    /// A client that registers itself under this policy, and has no id yet.
    Registration(String),
}

impl Actor {
    /// As it was written.
    pub fn read(text: &str) -> Self {
        match text.split_once(':') {
            Some(("client", id)) => Self::Client(id.to_owned()),
            Some(("operator", id)) => Self::Operator(id.to_owned()),
            Some(("registration", policy)) => Self::Registration(policy.to_owned()),
            _ if text == Self::FirstLink.to_string() => Self::FirstLink,
            _ => Self::Command,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command => f.write_str("command"),
            Self::Client(id) => write!(f, "client:{id}"),
            Self::Operator(id) => write!(f, "operator:{id}"),
            Self::FirstLink => f.write_str("first link"),
            Self::Registration(policy) => write!(f, "registration:{policy}"),
        }
    }
}

/// An actor, and from where.
#[derive(Clone, Debug)]
pub struct By {
    pub actor: Actor,
    pub address: String,
}

impl By {
    pub fn command() -> Self {
        Self { actor: Actor::Command, address: String::new() }
    }
}

/// What was done to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// `create`, `update`, `delete`, or a verb of its own.
    pub act: &'static str,
    pub noun: &'static str,
    pub name: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// An act as it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub seq: i64,
    /// Seconds since 1970.
    #[serde(serialize_with = "seconds")]
    pub at: Time,
    pub actor: String,
    pub act: String,
    pub noun: String,
    pub name: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub address: String,
    pub mac: String,
}

fn seconds<S: serde::Serializer>(time: &Time, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(time.secs())
}

impl Entry {
    /// What its mac is over: everything it says, and the mac before it.
    pub fn text(&self, before: &str) -> String {
        json!([
            before,
            self.seq,
            self.at.0,
            self.actor,
            self.act,
            self.noun,
            self.name,
            self.before,
            self.after,
            self.address
        ])
        .to_string()
    }
}
