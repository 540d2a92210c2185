//! Challenges. The digits are not here: they are derived.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::challenge::{Challenge, Purpose};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::{self, ChallengeId, InteractionId};
use crate::domain::time::Time;

row! {
    /// The columns as an outer join gives them: all there, or none.
    pub(super) struct Joined {
        c_id: Option<String>,
        place: Option<i64>,
        purpose: Option<String>,
        kind: Option<String>,
        value: Option<String>,
        connection: Option<String>,
        c_browser: Option<String>,
        mute: Option<bool>,
        issued_at: Option<i64>,
        c_expires_at: Option<i64>,
        sends: Option<i64>,
        last_sent_at: Option<i64>,
        rung: Option<i64>,
        spent_at: Option<i64>,
        cancelled_at: Option<i64>,
        verifier: Option<String>,
        verification: Option<String>,
    }
}

impl Joined {
    pub(super) fn noun(self, interaction: &InteractionId) -> Result<Option<Challenge>, StoreError> {
        if self.c_id.is_none() {
            return Ok(None);
        }
        let broken = || StoreError::inconsistent("challenges", format!("a row of {interaction} is incomplete"));
        let kind = self.kind.as_deref().and_then(Kind::parse).ok_or_else(broken)?;
        Ok(Some(Challenge {
            id: ChallengeId::new(self.c_id.ok_or_else(broken)?),
            interaction: interaction.clone(),
            place: self.place.ok_or_else(broken)?,
            purpose: self.purpose.as_deref().and_then(Purpose::parse).ok_or_else(broken)?,
            identifier: Identifier::stored(kind, self.value.ok_or_else(broken)?),
            connection: self.connection.ok_or_else(broken)?,
            browser: self.c_browser.ok_or_else(broken)?,
            mute: self.mute.ok_or_else(broken)?,
            issued_at: Time(self.issued_at.ok_or_else(broken)?),
            expires_at: Time(self.c_expires_at.ok_or_else(broken)?),
            sends: self.sends.ok_or_else(broken)?,
            last_sent_at: Time(self.last_sent_at.ok_or_else(broken)?),
            rung: self.rung.ok_or_else(broken)?,
            spent_at: self.spent_at.map(Time),
            cancelled_at: self.cancelled_at.map(Time),
            verified_by: self.verifier.zip(self.verification),
        }))
    }
}

/// `false` when another click took this place first.
pub async fn add(on: impl Into<On<'_>>, challenge: &Challenge) -> Result<bool, StoreError> {
    let added = sql("INSERT INTO challenges (id, interaction_id, place, purpose, kind, value, connection, browser, mute, issued_at, expires_at, sends, last_sent_at, rung, country)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (interaction_id, place) DO NOTHING")
        .bind(&challenge.id)
        .bind(&challenge.interaction)
        .bind(challenge.place)
        .bind(challenge.purpose.as_str())
        .bind(challenge.identifier.kind().as_str())
        .bind(challenge.identifier.reveal())
        .bind(&challenge.connection)
        .bind(&challenge.browser)
        .bind(challenge.mute)
        .bind(challenge.issued_at)
        .bind(challenge.expires_at)
        .bind(challenge.sends)
        .bind(challenge.last_sent_at)
        .bind(challenge.rung)
        .bind(challenge.identifier.country().unwrap_or_default())
        .execute(on)
        .await?;
    Ok(added == 1)
}

/// Uses it up: true for one caller, ever.
pub async fn spend(on: impl Into<On<'_>>, id: &ChallengeId, now: Time) -> Result<bool, StoreError> {
    let spent = sql(
        "UPDATE challenges SET spent_at = $2 WHERE id = $1 AND spent_at IS NULL AND cancelled_at IS NULL AND expires_at > $2",
    );
    Ok(spent.bind(id).bind(now).execute(on).await? == 1)
}

/// Counts one more send, if nobody else just did (`sends` is still what the caller saw), and gives it a fresh life.
pub async fn change_sent(
    on: impl Into<On<'_>>,
    challenge: &Challenge,
    rung: i64,
    expires_at: Time,
    now: Time,
) -> Result<bool, StoreError> {
    let changed = sql("UPDATE challenges SET sends = sends + 1, last_sent_at = $3, rung = $4, expires_at = $5
         WHERE id = $1 AND sends = $2 AND spent_at IS NULL AND cancelled_at IS NULL AND expires_at > $3")
    .bind(&challenge.id)
    .bind(challenge.sends)
    .bind(now)
    .bind(rung)
    .bind(expires_at)
    .execute(on)
    .await?;
    Ok(changed == 1)
}

/// Ends it unused: exhausted, or the person turned to another identifier or way.
pub async fn cancel(on: impl Into<On<'_>>, id: &ChallengeId, now: Time) -> Result<(), StoreError> {
    sql("UPDATE challenges SET cancelled_at = $2 WHERE id = $1 AND spent_at IS NULL AND cancelled_at IS NULL")
        .relaxed()
        .bind(id)
        .bind(now)
        .execute(on)
        .await
        .map(drop)
}

/// How many passcodes of this identifier were right since `since`: they were counted as guesses, and were none.
pub async fn count_spent(on: impl Into<On<'_>>, identifier: &Identifier, since: Time) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = sql("SELECT count(*) FROM challenges WHERE kind = $1 AND value = $2 AND spent_at >= $3")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .bind(since)
        .optional(on)
        .await?;
    Ok(row.map_or(0, |row| row.0))
}

/// A carrier made this challenge's passcode itself: it alone can check the digits.
pub async fn change_verifier(
    on: impl Into<On<'_>>,
    id: &ChallengeId,
    carrier: &str,
    reference: &str,
) -> Result<(), StoreError> {
    sql("UPDATE challenges SET verifier = $2, verification = $3 WHERE id = $1")
        .bind(id)
        .bind(carrier)
        .bind(reference)
        .execute(on)
        .await
        .map(drop)
}

/// Whether its passcode can still be used: asked before another message carries it.
pub async fn is_live(on: impl Into<On<'_>>, id: &ChallengeId, now: Time) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = sql(
        "SELECT place FROM challenges WHERE id = $1 AND spent_at IS NULL AND cancelled_at IS NULL AND expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .optional(on)
    .await?;
    Ok(row.is_some())
}

/// The challenges of one interaction, oldest first.
pub async fn list(on: impl Into<On<'_>>, interaction: &InteractionId) -> Result<Vec<Challenge>, StoreError> {
    let rows: Vec<Joined> = sql("SELECT id AS c_id, place, purpose, kind, value, connection, browser AS c_browser, mute, issued_at, expires_at AS c_expires_at,
            sends, last_sent_at, rung, spent_at, cancelled_at, verifier, verification
         FROM challenges WHERE interaction_id = $1 ORDER BY place")
        .bind(interaction)
        .all(on)
        .await?;
    let nouns: Vec<Option<Challenge>> = rows.into_iter().map(|row| row.noun(interaction)).collect::<Result<_, _>>()?;
    Ok(nouns.into_iter().flatten().collect())
}

row! {
    struct Of {
        interaction_id: String,
    }
}

/// The newest interactions in which this identifier was asked for a passcode.
pub async fn list_interactions(
    on: impl Into<On<'_>>,
    identifier: &Identifier,
) -> Result<Vec<InteractionId>, StoreError> {
    let rows: Vec<Of> = sql("SELECT interaction_id FROM challenges WHERE kind = $1 AND value = $2 GROUP BY interaction_id ORDER BY max(issued_at) DESC LIMIT 20")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| InteractionId::new(row.interaction_id)).collect())
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    let gone = sql("DELETE FROM challenges WHERE id < $1 AND expires_at <= $2").relaxed();
    gone.bind(ids::beyond("ch", before)).bind(before).execute(on).await
}

/// Every passcode this identifier was asked for.
pub async fn forget_identifier(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<u64, StoreError> {
    sql("DELETE FROM challenges WHERE kind = $1 AND value = $2")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .execute(on)
        .await
}
