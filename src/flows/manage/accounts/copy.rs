//! All that is known of somebody, for them to have (GDPR Art. 15 and 20). No secret is in it: no code, no token, no hash of one;
//! nor who operates here, but what was done.

use crate::app::App;
use crate::domain::audit::Entry;
use crate::domain::identifier::Identifier;
use crate::domain::ids::SubjectId;
use crate::domain::time::Time;
use crate::flows::manage::audit::{self, Filter};
use crate::flows::manage::sign_ins::{self, SignIn};
use crate::flows::{Fault, timeline};
use crate::store;
use serde_json::{Value, json};

/// Sign-ins and entries are read so many at a time.
const BATCH: i64 = 200;

/// `None` where there is no such account.
pub async fn copy(app: &App, id: &str) -> Result<Option<Value>, Fault> {
    let id = SubjectId::new(id);
    let Some(subject) = store::subjects::find(&app.db, &id).await? else { return Ok(None) };
    let mut identifiers = Vec::new();
    for (identifier, added, verified) in store::people::list_identifiers(&app.db, &id).await? {
        identifiers.push(of_identifier(app, &identifier, added, verified).await?);
    }
    let memberships = store::memberships::list(&app.db, &id).await?.into_iter().map(|(code, roles, permissions, since)| {
        json!({ "organization": code, "roles": roles, "permissions": permissions, "joined_at": since.secs() })
    });
    Ok(Some(json!({
        "id": id.as_str(),
        "created_at": subject.created_at.secs(),
        "updated_at": subject.updated_at.secs(),
        "blocked": subject.blocked,
        "identifiers": identifiers,
        "profile": subject.profile,
        "memberships": memberships.collect::<Vec<_>>(),
        "sessions": of_sessions(app, &id).await?,
        "grants": of_grants(app, &id).await?,
        "consents": of_consents(app, &id).await?,
        "sign_ins": of_sign_ins(app, &id).await?,
        "done_by_operators": of_book(app, &id).await?,
    })))
}

async fn of_identifier(app: &App, identifier: &Identifier, added: Time, verified: Time) -> Result<Value, Fault> {
    let stopped = store::opt_outs::list(&app.db, identifier)
        .await?
        .into_iter()
        .map(|(channel, carrier, since)| json!({ "channel": channel, "carrier": carrier, "since": since.secs() }));
    let invited = store::invitations::list_email(&app.db, identifier.reveal()).await?.into_iter().map(|one| {
        json!({
            "organization": one.organization, "roles": one.roles, "profile": one.profile,
            "created_at": one.created_at.secs(), "expires_at": one.expires_at.secs(),
            "accepted_at": one.spent_at.map(Time::secs),
        })
    });
    Ok(json!({
        "kind": identifier.kind().as_str(),
        "value": identifier.reveal(),
        "added_at": added.secs(),
        "verified_at": verified.secs(),
        "told_to_stop": stopped.collect::<Vec<_>>(),
        "invitations": invited.collect::<Vec<_>>(),
    }))
}

async fn of_sessions(app: &App, id: &SubjectId) -> Result<Vec<Value>, Fault> {
    let sessions = store::sessions::list_all(&app.db, id).await?.into_iter().map(|session| {
        json!({
            "signed_in_at": session.auth_time.secs(),
            "expires_at": session.expires_at.secs(),
            "ended_at": session.ended_at.map(Time::secs),
        })
    });
    Ok(sessions.collect())
}

async fn of_grants(app: &App, id: &SubjectId) -> Result<Vec<Value>, Fault> {
    let grants = store::grants::list_subject(&app.db, id).await?.into_iter().map(|grant| {
        json!({
            "client": grant.client_id.as_str(),
            "scope": grant.scope.to_string(),
            "audience": grant.audience,
            "organization": grant.organization,
            "created_at": grant.created_at.secs(),
            "refreshed_at": grant.rotated_at.map(Time::secs),
            "expires_at": grant.expires_at.secs(),
            "revoked_at": grant.revoked_at.map(Time::secs),
        })
    });
    Ok(grants.collect())
}

async fn of_consents(app: &App, id: &SubjectId) -> Result<Vec<Value>, Fault> {
    let consents = store::consents::list(&app.db, id).await?.into_iter().map(|consent| {
        json!({
            "client": consent.client_id.as_str(),
            "scope": consent.scope.to_string(),
            "audience": consent.audience,
            "allowed_at": consent.allowed_at.secs(),
        })
    });
    Ok(consents.collect())
}

/// Each with its story.
async fn of_sign_ins(app: &App, id: &SubjectId) -> Result<Vec<Value>, Fault> {
    let (mut told, mut before) = (Vec::new(), (Time(i64::MAX), String::new()));
    loop {
        let rows = store::people::list_sign_ins(app.db.aside(), id, (before.0, &before.1), BATCH).await?;
        let more = rows.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
        for row in rows {
            let sign_in = sign_ins::of(row, app.now());
            told.push(of_sign_in(app, &sign_in).await?);
            before = (sign_in.ends_at, sign_in.id);
        }
        if !more {
            return Ok(told);
        }
    }
}

async fn of_sign_in(app: &App, sign_in: &SignIn) -> Result<Value, Fault> {
    let story = timeline::of_interaction(app, &sign_in.id).await?;
    let lines = story.iter().flat_map(|story| &story.lines);
    let lines: Vec<Value> = lines.map(|line| json!({ "at_ms": line.at.0, "text": line.text })).collect();
    Ok(json!({
        "client": sign_in.client,
        "at": sign_in.at.secs(),
        "state": sign_in.state.as_str(),
        "identifier": sign_in.identifier.as_ref().map(Identifier::reveal),
        "timeline": lines,
    }))
}

async fn of_book(app: &App, id: &SubjectId) -> Result<Vec<Value>, Fault> {
    let filter = Filter { noun: "person".into(), name: id.as_str().to_owned(), ..Filter::default() };
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let entries = audit::list(app, &filter, before, BATCH).await?;
        told.extend(entries.iter().map(of_entry));
        match entries.last() {
            Some(last) if entries.len() == usize::try_from(BATCH).unwrap_or(usize::MAX) => before = Some(last.seq),
            _ => return Ok(told),
        }
    }
}

fn of_entry(entry: &Entry) -> Value {
    json!({ "at": entry.at.secs(), "act": entry.act, "before": entry.before, "after": entry.after })
}
