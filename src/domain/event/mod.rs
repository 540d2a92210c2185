//! What happened, as endpoints hear of it: a kind, a moment, whom it is about, and a few facts. Never a passcode, never a secret.

mod delivery;
mod endpoint;
mod happened;

pub use delivery::{Delivery, PATIENCE, State};
pub use endpoint::{EventEndpoint, Form};
pub use happened::{Handover, Happened};

use super::audit::Actor;
use super::identifier::{Identifier, Kind as Of};
use super::time::Time;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    SubjectCreated,
    SubjectUpdated,
    SubjectBlocked,
    SubjectUnblocked,
    SubjectErased,
    /// Its account went into another.
    SubjectMerged,
    SessionStarted,
    SessionEnded,
    ChallengeIssued,
    ChallengeCompleted,
    ChallengeExhausted,
    DeliveryAccepted,
    DeliveryDelivered,
    DeliveryFailed,
    ClientCreated,
    ClientUpdated,
    ClientDeleted,
    ConnectionCreated,
    ConnectionUpdated,
    ConnectionDeleted,
    CarrierCreated,
    CarrierUpdated,
    CarrierDeleted,
    /// An operator wants to see whether an endpoint hears anything.
    Test,
}

impl Kind {
    pub const ALL: [Self; 24] = [
        Self::SubjectCreated,
        Self::SubjectUpdated,
        Self::SubjectBlocked,
        Self::SubjectUnblocked,
        Self::SubjectErased,
        Self::SubjectMerged,
        Self::SessionStarted,
        Self::SessionEnded,
        Self::ChallengeIssued,
        Self::ChallengeCompleted,
        Self::ChallengeExhausted,
        Self::DeliveryAccepted,
        Self::DeliveryDelivered,
        Self::DeliveryFailed,
        Self::ClientCreated,
        Self::ClientUpdated,
        Self::ClientDeleted,
        Self::ConnectionCreated,
        Self::ConnectionUpdated,
        Self::ConnectionDeleted,
        Self::CarrierCreated,
        Self::CarrierUpdated,
        Self::CarrierDeleted,
        Self::Test,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SubjectCreated => "subject.created",
            Self::SubjectUpdated => "subject.updated",
            Self::SubjectBlocked => "subject.blocked",
            Self::SubjectUnblocked => "subject.unblocked",
            Self::SubjectErased => "subject.erased",
            Self::SubjectMerged => "subject.merged",
            Self::SessionStarted => "session.started",
            Self::SessionEnded => "session.ended",
            Self::ChallengeIssued => "challenge.issued",
            Self::ChallengeCompleted => "challenge.completed",
            Self::ChallengeExhausted => "challenge.exhausted",
            Self::DeliveryAccepted => "delivery.accepted",
            Self::DeliveryDelivered => "delivery.delivered",
            Self::DeliveryFailed => "delivery.failed",
            Self::ClientCreated => "client.created",
            Self::ClientUpdated => "client.updated",
            Self::ClientDeleted => "client.deleted",
            Self::ConnectionCreated => "connection.created",
            Self::ConnectionUpdated => "connection.updated",
            Self::ConnectionDeleted => "connection.deleted",
            Self::CarrierCreated => "carrier.created",
            Self::CarrierUpdated => "carrier.updated",
            Self::CarrierDeleted => "carrier.deleted",
            Self::Test => "endpoint.test",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Through whom it happened, in the words of Kinde's webhooks; what nobody did, the system did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    User,
    Admin,
    Api,
    System,
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::Api => "api",
            Self::System => "system",
        }
    }

    pub fn of(actor: &Actor) -> Self {
        // Whoever registers itself is a program, too.
        if matches!(actor, Actor::Client(_) | Actor::Registration(_)) { Self::Api } else { Self::Admin }
    }
}

/// An event as it was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub at: Time,
    pub source: String,
    /// Events about the same are told in order.
    pub about: String,
    pub place: i64,
    pub subject: Option<String>,
    /// Identifiers stand in it whole: `shown` masks them.
    pub data: Value,
}

impl Event {
    /// What there is to know. Identifiers whole only for those who may see them.
    pub fn shown(&self, whole: bool) -> Value {
        let mut data = self.data.clone();
        if !whole {
            mask(&mut data["identifier"]);
            data["identifiers"].as_array_mut().into_iter().flatten().for_each(mask);
        }
        // Looking for what is not there made nulls of it.
        if let Some(fields) = data.as_object_mut() {
            fields.retain(|name, value| !(value.is_null() && name.starts_with("identifier")));
        }
        data
    }

    /// RFC 3339, to the millisecond.
    pub fn timestamp(&self) -> String {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.at.0) * 1_000_000);
        moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
    }

    /// The document an endpoint reads, in the shape Standard Webhooks recommends.
    pub fn document(&self, whole: bool) -> Value {
        json!({ "id": self.id, "type": self.kind, "timestamp": self.timestamp(), "data": self.shown(whole) })
    }

    /// The same as the claims of a JWT, named as Kinde names them.
    pub fn claims(&self, issuer: &str, whole: bool, now: Time) -> Value {
        json!({
            "iss": issuer,
            "iat": now.secs(),
            "type": self.kind,
            "event_id": self.id,
            "event_timestamp": self.timestamp(),
            "timestamp": self.timestamp(),
            "source": self.source,
            "data": self.shown(whole),
        })
    }
}

/// `{"kind": "phone", "value": "+234…"}`.
fn whole(identifier: &Identifier) -> Value {
    json!({ "kind": identifier.kind().as_str(), "value": identifier.reveal() })
}

fn mask(identifier: &mut Value) {
    let kind = identifier["kind"].as_str().and_then(Of::parse);
    if let (Some(kind), Some(value)) = (kind, identifier["value"].as_str()) {
        identifier["value"] = Identifier::stored(kind, value.to_owned()).masked().into();
    }
}
