//! Authorizations waiting on a person, read together with their newest challenge and how it fares: one statement a page.

use super::error::StoreError;
use super::row::{Both, row};
use super::sql::{On, sql};
use super::{attempts, challenges};
use crate::domain::challenge::Challenge;
use crate::domain::delivery::Stood;
use crate::domain::identifier::Identifier;
use crate::domain::ids::{self, ClientId, InteractionId, SessionId};
use crate::domain::interaction::Interaction;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        client_id: String,
        request: String,
        browser: String,
        created_at: i64,
        expires_at: i64,
        finished_at: Option<i64>,
        session_id: Option<String>,
    }
}

pub async fn add(on: impl Into<On<'_>>, interaction: &Interaction) -> Result<(), StoreError> {
    let request = serde_json::to_string(&interaction.request)
        .map_err(|error| StoreError::inconsistent("interactions", error.to_string()))?;
    sql("INSERT INTO interactions (id, client_id, request, browser, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)").relaxed()
        .bind(&interaction.id)
        .bind(&interaction.client_id)
        .bind(request)
        .bind(&interaction.browser)
        .bind(interaction.created_at)
        .bind(interaction.expires_at)
        .execute(on)
        .await
        .map(drop)
}

/// An interaction with its newest challenge, if it has one, and that one's attempts, oldest first.
#[derive(Debug)]
pub struct Found {
    pub interaction: Interaction,
    pub challenge: Option<Challenge>,
    pub attempts: Vec<Stood>,
}

pub async fn find(on: impl Into<On<'_>>, id: &str) -> Result<Option<Found>, StoreError> {
    let rows: Vec<Both<Row, Both<challenges::Joined, attempts::Joined>>> = sql("SELECT i.id, i.client_id, i.request, i.browser, i.created_at, i.expires_at, i.finished_at, i.session_id,
            c.id AS c_id, c.place, c.purpose, c.kind, c.value, c.connection, c.browser AS c_browser, c.mute, c.issued_at, c.expires_at AS c_expires_at,
            c.sends, c.last_sent_at, c.rung, c.spent_at, c.cancelled_at, c.verifier, c.verification,
            o.id AS o_id, o.channel AS o_channel, o.state AS o_state, o.fell AS o_fell, o.status AS o_status, o.class AS o_class, o.code AS o_code,
            o.detail AS o_detail, o.carrier AS o_carrier, o.reference AS o_reference, o.created_at AS o_created_at, o.finished_at AS o_finished_at,
            o.reported_at AS o_reported_at, o.estimate AS o_estimate, o.cost AS o_cost, o.currency AS o_currency
         FROM interactions i
         LEFT JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         LEFT JOIN outbox o ON o.challenge_id = c.id
         WHERE i.id = $1")
        .bind(id)
        .all(on)
        .await?;
    // Both stand in each row again, beside one attempt more.
    let (mut of, mut joined) = (None, Vec::new());
    for Both(row, Both(challenge, attempt)) in rows {
        of = Some((row, challenge));
        joined.push(attempt);
    }
    let Some((row, challenge)) = of else { return Ok(None) };
    let id = InteractionId::new(row.id);
    let challenge = challenge.noun(&id)?;
    let mut attempts = challenge.as_ref().map_or_else(Vec::new, |challenge| {
        joined.into_iter().filter_map(|attempt| attempt.noun(&challenge.id)).collect::<Vec<_>>()
    });
    // Here and not in the statement: SQLite opens a table of its own for it, for what is a row or two.
    attempts.sort_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
    let interaction = Interaction {
        id,
        client_id: ClientId::new(row.client_id),
        request: serde_json::from_str(&row.request)
            .map_err(|error| StoreError::inconsistent("interactions", format!("request: {error}")))?,
        browser: row.browser,
        created_at: Time(row.created_at),
        expires_at: Time(row.expires_at),
        finished_at: row.finished_at.map(Time),
        proven: row.session_id.map(SessionId::new),
    };
    Ok(Some(Found { interaction, challenge, attempts }))
}

/// Ends it, once: the one who gets `true` may answer the client.
pub async fn spend(on: impl Into<On<'_>>, id: &InteractionId, now: Time) -> Result<bool, StoreError> {
    let spent =
        sql("UPDATE interactions SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL AND expires_at > $2");
    Ok(spent.bind(id).bind(now).execute(on).await? == 1)
}

/// Its own passcode began this session, and another step follows. `false` where it has ended meanwhile.
pub async fn change_session(
    on: impl Into<On<'_>>,
    id: &InteractionId,
    session: &SessionId,
    now: Time,
) -> Result<bool, StoreError> {
    let changed =
        sql("UPDATE interactions SET session_id = $2 WHERE id = $1 AND finished_at IS NULL AND expires_at > $3");
    Ok(changed.bind(id).bind(session).bind(now).execute(on).await? == 1)
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    let gone = sql("DELETE FROM interactions WHERE id < $1 AND expires_at <= $2").relaxed();
    gone.bind(ids::beyond("in", before)).bind(before).execute(on).await
}

/// Those in which this identifier was asked for a passcode; before the challenges themselves are forgotten.
pub async fn forget_identifier(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<u64, StoreError> {
    sql("DELETE FROM interactions WHERE id IN (SELECT interaction_id FROM challenges WHERE kind = $1 AND value = $2)")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .execute(on)
        .await
}
