//! An event that is to be written down, if anybody wants to hear of it: what each kind tells, in one place.

use super::{Event, Kind, Source, whole};
use crate::domain::challenge::Challenge;
use crate::domain::delivery::{Attempt, Cost, Failed, Micros};
use crate::domain::identifier::Identifier;
use crate::domain::ids::{SessionId, SubjectId};
use crate::domain::time::Time;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct Happened {
    pub kind: Kind,
    pub source: Source,
    /// Events about the same are told in order: one account, one sign-in, one declared thing.
    pub about: String,
    pub subject: Option<SubjectId>,
    /// Whose it is, where its account may not be known.
    pub identifier: Option<Identifier>,
    data: Value,
}

/// What is known of a message that was handed over, or was not.
#[derive(Debug, Default)]
pub struct Handover<'a> {
    pub carrier: Option<&'a str>,
    pub failed: Option<&'a Failed>,
    pub estimate: Option<Micros>,
    pub cost: Option<&'a Cost>,
    pub currency: &'a str,
}

impl Happened {
    fn of_subject(kind: Kind, source: Source, id: &SubjectId, data: Value) -> Self {
        let about = id.as_str().to_owned();
        Self { kind, source, about, subject: Some(id.clone()), identifier: None, data }
    }

    pub fn created(source: Source, id: &SubjectId, identifiers: &[&Identifier]) -> Self {
        let identifiers: Vec<Value> = identifiers.iter().map(|one| whole(one)).collect();
        let data = json!({ "subject": id.as_str(), "identifiers": identifiers });
        Self::of_subject(Kind::SubjectCreated, source, id, data)
    }

    /// `changed` names what of them: `identifiers`, `profile`, an organization.
    pub fn updated(source: Source, id: &SubjectId, changed: &[impl AsRef<str>]) -> Self {
        let changed: Vec<&str> = changed.iter().map(AsRef::as_ref).collect();
        let data = json!({ "subject": id.as_str(), "changed": changed });
        Self::of_subject(Kind::SubjectUpdated, source, id, data)
    }

    /// Blocked, unblocked, erased.
    pub fn subject(kind: Kind, source: Source, id: &SubjectId) -> Self {
        Self::of_subject(kind, source, id, json!({ "subject": id.as_str() }))
    }

    /// `from` is there no more: whatever apps keep of it is `into`'s now.
    pub fn merged(source: Source, from: &SubjectId, into: &str) -> Self {
        Self::of_subject(Kind::SubjectMerged, source, from, json!({ "subject": from.as_str(), "into": into }))
    }

    /// Started or ended.
    pub fn session(kind: Kind, source: Source, subject: &SubjectId, session: &SessionId, client: Option<&str>) -> Self {
        let mut data = json!({ "subject": subject.as_str(), "session": session.as_str() });
        if let Some(client) = client {
            data["client"] = client.into();
        }
        Self::of_subject(kind, source, subject, data)
    }

    /// Issued, completed, exhausted.
    pub fn challenge(kind: Kind, challenge: &Challenge, client: &str, subject: Option<&SubjectId>) -> Self {
        let mut data = json!({
            "challenge": challenge.id.as_str(),
            "sign_in": challenge.interaction.as_str(),
            "client": client,
            "connection": challenge.connection,
            "identifier": whole(&challenge.identifier),
        });
        if let Some(subject) = subject {
            data["subject"] = subject.as_str().into();
        }
        Self {
            kind,
            source: Source::User,
            about: challenge.interaction.as_str().to_owned(),
            subject: subject.cloned(),
            identifier: Some(challenge.identifier.clone()),
            data,
        }
    }

    /// Accepted, delivered, failed.
    pub fn delivery(kind: Kind, attempt: &Attempt, handover: &Handover<'_>) -> Self {
        let identifier = attempt.job.identifier();
        let amount = |amount: Micros, currency: &str| json!({ "amount": amount.to_string(), "currency": currency });
        let facts = [
            ("channel", attempt.job.channel().map(|channel| json!(channel.as_str()))),
            ("identifier", identifier.as_ref().map(whole)),
            ("carrier", handover.carrier.map(|carrier| json!(carrier))),
            ("class", handover.failed.map(|failed| json!(failed.class.as_str()))),
            ("code", handover.failed.map(|failed| json!(failed.code))),
            ("estimate", handover.estimate.map(|estimate| amount(estimate, handover.currency))),
            ("cost", handover.cost.map(|cost| amount(cost.amount, &cost.currency))),
        ];
        let mut data = json!({
            "delivery": attempt.id.as_str(),
            "challenge": attempt.challenge.as_str(),
            "sign_in": attempt.interaction.as_str(),
            "client": attempt.job.client,
        });
        for (name, fact) in facts {
            if let Some(fact) = fact {
                data[name] = fact;
            }
        }
        let about = attempt.interaction.as_str().to_owned();
        Self { kind, source: Source::System, about, subject: None, identifier, data }
    }

    /// A client, a connection or a carrier. `changed` names the settings that are others now; values may be secrets.
    pub fn declared(kind: Kind, source: Source, noun: &str, name: &str, changed: &[String]) -> Self {
        let mut data = json!({ noun: name });
        if !changed.is_empty() {
            data["changed"] = json!(changed);
        }
        Self { kind, source, about: format!("{noun} {name}"), subject: None, identifier: None, data }
    }

    pub fn test(source: Source, endpoint: &str, id: &str) -> Self {
        let data = json!({ "endpoint": endpoint });
        // By itself: it waits for nobody.
        Self { kind: Kind::Test, source, about: id.to_owned(), subject: None, identifier: None, data }
    }

    pub fn at(self, id: String, at: Time) -> Event {
        Event {
            id,
            kind: self.kind.as_str().to_owned(),
            at,
            source: self.source.as_str().to_owned(),
            about: self.about,
            place: 0,
            subject: self.subject.map(|subject| subject.as_str().to_owned()),
            data: self.data,
        }
    }
}
