//! Messages that are to be delivered: written with what causes them, claimed in batches, never by two nodes. A row is an
//! attempt, and keeps what became of it.

use super::error::StoreError;
use super::row::{Both, row};
use super::sql::{On, sql};
use crate::domain::delivery::{Attempt, Channel, Failed};
use crate::domain::identifier::Identifier;
use crate::domain::ids::{self, AttemptId, ChallengeId, InteractionId};
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        challenge_id: String,
        interaction_id: String,
        job: String,
        tries: i64,
        created_at: i64,
        expires_at: i64,
        lease_until: i64,
    }
}

impl Row {
    fn noun(self) -> Result<Attempt, StoreError> {
        Ok(Attempt {
            job: serde_json::from_str(&self.job)
                .map_err(|error| StoreError::inconsistent("outbox", format!("{}: {error}", self.id)))?,
            id: AttemptId::new(self.id),
            challenge: ChallengeId::new(self.challenge_id),
            interaction: InteractionId::new(self.interaction_id),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            tries: self.tries,
            lease_until: Time(self.lease_until),
        })
    }
}

fn nouns(rows: Vec<Row>) -> Result<Vec<Attempt>, StoreError> {
    rows.into_iter().map(Row::noun).collect()
}

/// `mute` attempts are written like all others, already ended: nobody can tell from the time it takes.
pub async fn add(on: impl Into<On<'_>>, attempt: &Attempt, mute: bool) -> Result<(), StoreError> {
    let job =
        serde_json::to_string(&attempt.job).map_err(|error| StoreError::inconsistent("outbox", error.to_string()))?;
    sql("INSERT INTO outbox (id, challenge_id, interaction_id, channel, fell, job, state, tries, run_at, lease_until, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, $8, $9)")
        .bind(&attempt.id)
        .bind(&attempt.challenge)
        .bind(&attempt.interaction)
        .bind(attempt.job.channel().map_or("", Channel::as_str))
        .bind(attempt.job.fell)
        .bind(job)
        .bind(if mute { "mute" } else { "queued" })
        .bind(attempt.created_at)
        .bind(attempt.expires_at)
        .execute(on)
        .await
        .map(drop)
}

/// One that its writer hands over itself, at once: nobody else's to claim.
pub async fn add_held(on: impl Into<On<'_>>, attempt: &Attempt) -> Result<(), StoreError> {
    let job =
        serde_json::to_string(&attempt.job).map_err(|error| StoreError::inconsistent("outbox", error.to_string()))?;
    sql("INSERT INTO outbox (id, challenge_id, interaction_id, channel, fell, job, state, tries, run_at, lease_until, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'sending', $7, $9, $8, $9, $10)")
        .bind(&attempt.id)
        .bind(&attempt.challenge)
        .bind(&attempt.interaction)
        .bind(attempt.job.channel().map_or("", Channel::as_str))
        .bind(attempt.job.fell)
        .bind(job)
        .bind(attempt.tries)
        .bind(attempt.lease_until)
        .bind(attempt.created_at)
        .bind(attempt.expires_at)
        .execute(on)
        .await
        .map(drop)
}

/// How many are claimed at once.
pub const BATCH: usize = 64;

row! {
    struct Told {
        opt_outs: bool,
    }
}

/// A message to hand over.
#[derive(Debug)]
pub struct Claimed {
    pub attempt: Attempt,
    /// Whether anybody at all has told a sender to stop: where nobody has, it need not be asked for each message.
    pub opt_outs: bool,
}

/// A batch of due messages, now this caller's until the lease ends. What another node took meanwhile stays with it.
pub async fn claim(on: impl Into<On<'_>>, now: Time, lease_until: Time) -> Result<Vec<Claimed>, StoreError> {
    let rows: Vec<Both<Row, Told>> = sql("UPDATE outbox SET state = 'sending', tries = tries + 1, lease_until = $2
         WHERE state = 'queued' AND id IN (SELECT id FROM outbox WHERE state = 'queued' AND run_at <= $1 ORDER BY run_at LIMIT 64)
         RETURNING id, challenge_id, interaction_id, job, tries, created_at, expires_at, lease_until, EXISTS (SELECT 1 FROM opt_outs) AS opt_outs")
        .bind(now)
        .bind(lease_until)
        .all(on)
        .await?;
    let claimed = |Both(row, told): Both<Row, Told>| Ok(Claimed { attempt: row.noun()?, opt_outs: told.opt_outs });
    rows.into_iter().map(claimed).collect()
}

/// Messages whose sender went silent in the middle: whether the carrier got them is not known.
pub async fn list_lapsed(on: impl Into<On<'_>>, now: Time) -> Result<Vec<Attempt>, StoreError> {
    nouns(sql("SELECT id, challenge_id, interaction_id, job, tries, created_at, expires_at, lease_until FROM outbox WHERE state = 'sending' AND lease_until <= $1 LIMIT 32").bind(now).all(on).await?)
}

/// Messages that were handed over, and whose wait for word of delivery has ended.
pub async fn list_unheard(on: impl Into<On<'_>>, now: Time) -> Result<Vec<Attempt>, StoreError> {
    nouns(sql("SELECT id, challenge_id, interaction_id, job, tries, created_at, expires_at, lease_until FROM outbox WHERE fall_at <= $1 ORDER BY fall_at LIMIT 64").bind(now).all(on).await?)
}

/// A longer lease for a slow carrier, while it is still this caller's.
pub async fn change_lease(on: impl Into<On<'_>>, attempt: &Attempt, until: Time) -> Result<bool, StoreError> {
    let held = sql("UPDATE outbox SET lease_until = $3 WHERE id = $1 AND tries = $2 AND state = 'sending'").relaxed();
    Ok(held.bind(&attempt.id).bind(attempt.tries).bind(until).execute(on).await? == 1)
}

/// Back into the queue, to run at `run_at`.
pub async fn change_queued(
    on: impl Into<On<'_>>,
    attempt: &Attempt,
    run_at: Time,
    detail: &str,
) -> Result<bool, StoreError> {
    let queued = sql(
        "UPDATE outbox SET state = 'queued', run_at = $3, detail = $4 WHERE id = $1 AND state = 'sending' AND tries = $2",
    );
    Ok(queued.bind(&attempt.id).bind(attempt.tries).bind(run_at).bind(detail).execute(on).await? == 1)
}

/// What a message that was handed over is remembered by.
#[derive(Debug, Default)]
pub struct Sent {
    pub carrier: String,
    pub reference: Option<String>,
    pub status: i64,
    pub estimate: i64,
    /// When the next rung is due.
    pub fall_at: Option<Time>,
    pub wants_feedback: bool,
    /// When to ask what it cost.
    pub bill_at: Option<Time>,
}

/// Handed over. A receipt may have been quicker than the carrier's own answer: what it said stays, and a failure it told is
/// acted on at once.
pub async fn finish_sent(on: impl Into<On<'_>>, attempt: &Attempt, sent: &Sent, now: Time) -> Result<bool, StoreError> {
    // Classes one by one: SQLite puts a list of more than two into a table of its own, each time.
    let finished = sql("UPDATE outbox SET state = 'sent', carrier = $3, reference = $4, estimate = $6, finished_at = $8, feedback = $9, bill_at = $10,
            fall_at = CASE WHEN status >= 4 OR class = 'bad_number' OR class = 'opted_out' OR class = 'policy' THEN NULL
                WHEN status = 3 AND CAST($7 AS BIGINT) IS NOT NULL THEN $8 ELSE CAST($7 AS BIGINT) END,
            status = CASE WHEN status > $5 THEN status ELSE $5 END
         WHERE id = $1 AND tries = $2 AND state = 'sending'").relaxed()
        .bind(&attempt.id)
        .bind(attempt.tries)
        .bind(&sent.carrier)
        .bind(sent.reference.clone())
        .bind(sent.status)
        .bind(sent.estimate)
        .bind(sent.fall_at)
        .bind(now)
        .bind(sent.wants_feedback.then(|| "wanted".to_owned()))
        .bind(sent.bill_at)
        .execute(on)
        .await?;
    Ok(finished == 1)
}

/// The end of an attempt that was not handed over: `failed`, `lost`, `expired` or `dropped`.
pub async fn finish(
    on: impl Into<On<'_>>,
    attempt: &Attempt,
    state: &str,
    carrier: Option<String>,
    failed: Option<&Failed>,
    now: Time,
) -> Result<bool, StoreError> {
    let finished = sql("UPDATE outbox SET state = $3, carrier = $4, class = $5, code = $6, detail = $7, finished_at = $8 WHERE id = $1 AND tries = $2 AND state = 'sending'").relaxed()
        .bind(&attempt.id)
        .bind(attempt.tries)
        .bind(state)
        .bind(carrier)
        .bind(failed.map(|failed| failed.class.as_str().to_owned()))
        .bind(failed.map(|failed| failed.code.clone()))
        .bind(failed.map(|failed| failed.detail.clone()))
        .bind(now)
        .execute(on)
        .await?;
    Ok(finished == 1)
}

/// Takes the fall of a message that was handed over: true for one caller, ever.
pub async fn spend_fall(on: impl Into<On<'_>>, id: &AttemptId) -> Result<bool, StoreError> {
    let spent = sql("UPDATE outbox SET fall_at = NULL WHERE id = $1 AND fall_at IS NOT NULL");
    Ok(spent.bind(id).execute(on).await? == 1)
}

/// Nothing of this challenge falls any more: the person chose the next way by hand.
pub async fn forget_falls(on: impl Into<On<'_>>, challenge: &ChallengeId) -> Result<(), StoreError> {
    sql("UPDATE outbox SET fall_at = NULL WHERE challenge_id = $1 AND fall_at IS NOT NULL")
        .bind(challenge)
        .execute(on)
        .await
        .map(drop)
}

/// An attempt this carrier may speak of: its own, or one whose sender went silent before it could write down whose it was.
pub async fn find(on: impl Into<On<'_>>, carrier: &str, id: &str) -> Result<Option<Attempt>, StoreError> {
    let row: Option<Row> =
        sql("SELECT id, challenge_id, interaction_id, job, tries, created_at, expires_at, lease_until FROM outbox
         WHERE id = $2 AND (carrier = $1 OR (carrier IS NULL AND state IN ('sending', 'lost')))")
        .bind(carrier)
        .bind(id)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// By the carrier's own name for it.
pub async fn find_by_reference(
    on: impl Into<On<'_>>,
    carrier: &str,
    reference: &str,
) -> Result<Option<Attempt>, StoreError> {
    let row: Option<Row> =
        sql("SELECT id, challenge_id, interaction_id, job, tries, created_at, expires_at, lease_until FROM outbox
         WHERE reference = $2 AND carrier = $1 ORDER BY created_at DESC LIMIT 1")
        .bind(carrier)
        .bind(reference)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// Raises the status, if this is news, and if the message is this carrier's. What has arrived does not fall any more.
pub async fn change_status(
    on: impl Into<On<'_>>,
    id: &AttemptId,
    carrier: &str,
    status: i64,
    failed: Option<&Failed>,
    now: Time,
) -> Result<bool, StoreError> {
    let raised = sql("UPDATE outbox SET status = $3, reported_at = $4, class = $5, code = $6, detail = $7,
            fall_at = CASE WHEN $3 >= 4 THEN NULL ELSE fall_at END
         WHERE id = $1 AND status < $3 AND (carrier = $2 OR (carrier IS NULL AND state IN ('sending', 'lost')))")
    .bind(id)
    .bind(carrier)
    .bind(status)
    .bind(now)
    .bind(failed.map(|failed| failed.class.as_str().to_owned()))
    .bind(failed.map(|failed| failed.code.clone()))
    .bind(failed.map(|failed| failed.detail.clone()))
    .execute(on)
    .await?;
    Ok(raised == 1)
}

/// What the carrier says it cost.
pub async fn change_cost(on: impl Into<On<'_>>, id: &AttemptId, amount: i64, currency: &str) -> Result<(), StoreError> {
    sql("UPDATE outbox SET cost = $2, currency = $3, bill_at = NULL WHERE id = $1")
        .bind(id)
        .bind(amount)
        .bind(currency)
        .execute(on)
        .await
        .map(drop)
}

row! {
    struct Owed {
        id: String,
        carrier: Option<String>,
        reference: Option<String>,
        finished_at: Option<i64>,
    }
}

/// How many prices are asked for at once.
pub const BILLS: usize = 32;

/// Messages whose price is due to be asked for: attempt, carrier, reference, when it was handed over.
pub async fn list_unbilled(
    on: impl Into<On<'_>>,
    now: Time,
) -> Result<Vec<(AttemptId, String, String, Time)>, StoreError> {
    let rows: Vec<Owed> =
        sql("SELECT id, carrier, reference, finished_at FROM outbox WHERE bill_at <= $1 ORDER BY bill_at LIMIT 32")
            .bind(now)
            .all(on)
            .await?;
    let whole = |row: Owed| Some((AttemptId::new(row.id), row.carrier?, row.reference?, Time(row.finished_at?)));
    Ok(rows.into_iter().filter_map(whole).collect())
}

/// Asked again later, or never. True for the one node that asks now.
pub async fn change_bill(
    on: impl Into<On<'_>>,
    id: &AttemptId,
    now: Time,
    later: Option<Time>,
) -> Result<bool, StoreError> {
    let changed = sql("UPDATE outbox SET bill_at = $3 WHERE id = $1 AND bill_at <= $2").relaxed();
    Ok(changed.bind(id).bind(now).bind(later).execute(on).await? == 1)
}

/// Messages whose passcode was used and whose carrier wants to hear of it: attempt, carrier, reference.
pub async fn list_owed_feedback(on: impl Into<On<'_>>) -> Result<Vec<(AttemptId, String, String)>, StoreError> {
    let rows: Vec<Owed> = sql(
        "SELECT o.id, o.carrier, o.reference, o.finished_at FROM outbox o JOIN challenges c ON c.id = o.challenge_id
         WHERE o.feedback = 'wanted' AND c.spent_at IS NOT NULL ORDER BY o.created_at LIMIT 32",
    )
    .all(on)
    .await?;
    let whole = |row: Owed| Some((AttemptId::new(row.id), row.carrier?, row.reference?));
    Ok(rows.into_iter().filter_map(whole).collect())
}

/// True for the one caller that gives it.
pub async fn spend_feedback(on: impl Into<On<'_>>, id: &AttemptId) -> Result<bool, StoreError> {
    let spent = sql("UPDATE outbox SET feedback = 'given' WHERE id = $1 AND feedback = 'wanted'");
    Ok(spent.bind(id).execute(on).await? == 1)
}

/// How many messages wait or are on their way.
pub async fn count_open(on: impl Into<On<'_>>) -> Result<i64, StoreError> {
    let row: Option<(i64,)> =
        // Each by its own index.
        sql("SELECT (SELECT count(*) FROM outbox WHERE state = 'queued') + (SELECT count(*) FROM outbox WHERE state = 'sending')").optional(on).await?;
    Ok(row.map_or(0, |row| row.0))
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    let gone = sql("DELETE FROM outbox WHERE id < $1 AND expires_at <= $2").relaxed();
    gone.bind(ids::beyond("at", before)).bind(before).execute(on).await
}

/// Those in which this identifier was asked for a passcode; before the challenges themselves are forgotten.
pub async fn forget_identifier(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<u64, StoreError> {
    sql("DELETE FROM outbox WHERE challenge_id IN (SELECT id FROM challenges WHERE kind = $1 AND value = $2)")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .execute(on)
        .await
}
