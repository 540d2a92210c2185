//! People as operators look through them: pages and searches, each one statement whatever it finds; and what there is of one.

use super::error::StoreError;
use super::row::row;
use super::sign_ins::Brief;
use super::sql::{On, sql};
use super::subjects::{Row, gather};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::subject::Subject;
use crate::domain::time::Time;

/// A search finds no more than so many of each: who has more to look through, types more.
pub const MOST_FOUND: i64 = 100;

/// A page of people, newest first: those made before this moment and id.
pub async fn list(
    on: impl Into<On<'_>>,
    before: (Time, &str),
    most: i64,
    also_blocked: bool,
) -> Result<Vec<Subject>, StoreError> {
    let rows: Vec<Row> = sql("SELECT s.created_at, s.id, s.updated_at, s.blocked_at, s.profile, i.kind, i.value, m.organization, m.roles, m.permissions, d.document
         FROM (SELECT id FROM subjects WHERE (created_at, id) < ($1, $2) AND ($4 OR blocked_at IS NULL) ORDER BY created_at DESC, id DESC LIMIT $3) p
         JOIN subjects s ON s.id = p.id
         LEFT JOIN identifiers i ON i.subject_id = s.id
         LEFT JOIN memberships m ON m.subject_id = s.id
         LEFT JOIN declared d ON d.kind = 'organization' AND d.name = m.organization
         ORDER BY s.created_at DESC, s.id DESC, i.added_at, i.kind, i.value, m.joined_at, m.organization")
    .bind(before.0)
    .bind(before.1)
    .bind(most)
    .bind(also_blocked)
    .all(on)
    .await?;
    gather(rows)
}

/// The same of those who are blocked.
pub async fn list_blocked(on: impl Into<On<'_>>, before: (Time, &str), most: i64) -> Result<Vec<Subject>, StoreError> {
    let rows: Vec<Row> = sql("SELECT s.created_at, s.id, s.updated_at, s.blocked_at, s.profile, i.kind, i.value, m.organization, m.roles, m.permissions, d.document
         FROM (SELECT id FROM subjects WHERE blocked_at IS NOT NULL AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3) p
         JOIN subjects s ON s.id = p.id
         LEFT JOIN identifiers i ON i.subject_id = s.id
         LEFT JOIN memberships m ON m.subject_id = s.id
         LEFT JOIN declared d ON d.kind = 'organization' AND d.name = m.organization
         ORDER BY s.created_at DESC, s.id DESC, i.added_at, i.kind, i.value, m.joined_at, m.organization")
    .bind(before.0)
    .bind(before.1)
    .bind(most)
    .all(on)
    .await?;
    gather(rows)
}

/// How what is looked for begins.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// An identifier of this kind; nothing where it is empty.
    pub kind: Kind,
    pub identifier: String,
    /// Words of a name, all of them.
    pub words: Vec<String>,
}

impl Beginning {
    /// The two words an index is asked for; the same twice where there is but one.
    fn two(&self) -> (&str, &str) {
        let first = self.words.first().map_or("", String::as_str);
        (first, self.words.get(1).map_or(first, String::as_str))
    }
}

/// Behind everything that begins so. What begins with nothing is nothing.
fn past(beginning: &str) -> String {
    if beginning.is_empty() { String::new() } else { format!("{beginning}\u{10FFFF}") }
}

/// People of whom an identifier or a name begins so, newest first. Of each `MOST_FOUND` are looked at.
pub async fn search(on: impl Into<On<'_>>, sought: &Beginning, also_blocked: bool) -> Result<Vec<Subject>, StoreError> {
    let (first, second) = sought.two();
    let rows: Vec<Row> = sql("SELECT s.created_at, s.id, s.updated_at, s.blocked_at, s.profile, i.kind, i.value, m.organization, m.roles, m.permissions, d.document
         FROM (SELECT subject_id FROM (SELECT subject_id FROM identifiers WHERE kind = $1 AND value >= $2 AND value < $3 ORDER BY value LIMIT $8) a
               UNION
               SELECT subject_id FROM (SELECT n.subject_id FROM names n WHERE n.word >= $4 AND n.word < $5
                   AND EXISTS (SELECT 1 FROM names o WHERE o.subject_id = n.subject_id AND o.word >= $6 AND o.word < $7) ORDER BY n.word LIMIT $8) b) p
         JOIN subjects s ON s.id = p.subject_id
         LEFT JOIN identifiers i ON i.subject_id = s.id
         LEFT JOIN memberships m ON m.subject_id = s.id
         LEFT JOIN declared d ON d.kind = 'organization' AND d.name = m.organization
         WHERE ($9 OR s.blocked_at IS NULL)
         ORDER BY s.created_at DESC, s.id DESC, i.added_at, i.kind, i.value, m.joined_at, m.organization")
    .bind(sought.kind.as_str())
    .bind(&sought.identifier)
    .bind(past(&sought.identifier))
    .bind(first)
    .bind(past(first))
    .bind(second)
    .bind(past(second))
    .bind(MOST_FOUND)
    .bind(also_blocked)
    .all(on)
    .await?;
    gather(rows)
}

/// The same among those who are blocked, who are few.
pub async fn search_blocked(on: impl Into<On<'_>>, sought: &Beginning) -> Result<Vec<Subject>, StoreError> {
    let (first, second) = sought.two();
    let rows: Vec<Row> = sql("SELECT s.created_at, s.id, s.updated_at, s.blocked_at, s.profile, i.kind, i.value, m.organization, m.roles, m.permissions, d.document
         FROM (SELECT b.id FROM subjects b WHERE b.blocked_at IS NOT NULL
               AND (EXISTS (SELECT 1 FROM identifiers x WHERE x.subject_id = b.id AND x.kind = $1 AND x.value >= $2 AND x.value < $3)
                    OR (EXISTS (SELECT 1 FROM names n WHERE n.subject_id = b.id AND n.word >= $4 AND n.word < $5)
                        AND EXISTS (SELECT 1 FROM names o WHERE o.subject_id = b.id AND o.word >= $6 AND o.word < $7)))
               ORDER BY b.created_at DESC, b.id DESC LIMIT $8) p
         JOIN subjects s ON s.id = p.id
         LEFT JOIN identifiers i ON i.subject_id = s.id
         LEFT JOIN memberships m ON m.subject_id = s.id
         LEFT JOIN declared d ON d.kind = 'organization' AND d.name = m.organization
         ORDER BY s.created_at DESC, s.id DESC, i.added_at, i.kind, i.value, m.joined_at, m.organization")
    .bind(sought.kind.as_str())
    .bind(&sought.identifier)
    .bind(past(&sought.identifier))
    .bind(first)
    .bind(past(first))
    .bind(second)
    .bind(past(second))
    .bind(MOST_FOUND)
    .all(on)
    .await?;
    gather(rows)
}

/// A page of somebody's sign-ins, newest first: those in which one of their identifiers was asked for a passcode, and those that
/// gave something in their name.
pub async fn list_sign_ins(
    on: impl Into<On<'_>>,
    id: &SubjectId,
    before: (Time, &str),
    most: i64,
) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM interactions i
         LEFT JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         WHERE i.id IN (SELECT a.interaction_id FROM identifiers p JOIN challenges a ON a.kind = p.kind AND a.value = p.value WHERE p.subject_id = $1
                        UNION SELECT g.interaction_id FROM grants g WHERE g.subject_id = $1)
           AND (i.expires_at, i.id) < ($2, $3)
         ORDER BY i.expires_at DESC, i.id DESC LIMIT $4")
        .bind(id)
        .bind(before.0)
        .bind(before.1)
        .bind(most)
        .all(on)
        .await
}

row! {
    struct Linked {
        kind: String,
        value: String,
        added_at: i64,
        verified_at: i64,
    }
}

/// Somebody's identifiers, each with when it became theirs and when it was last proven.
pub async fn list_identifiers(
    on: impl Into<On<'_>>,
    id: &SubjectId,
) -> Result<Vec<(Identifier, Time, Time)>, StoreError> {
    let rows: Vec<Linked> = sql("SELECT kind, value, added_at, verified_at FROM identifiers WHERE subject_id = $1 ORDER BY added_at, kind, value")
        .bind(id)
        .all(on)
        .await?;
    let noun = |row: Linked| {
        let identifier = Identifier::stored(Kind::parse(&row.kind)?, row.value);
        Some((identifier, Time(row.added_at), Time(row.verified_at)))
    };
    Ok(rows.into_iter().filter_map(noun).collect())
}

/// Takes an identifier from somebody who has another. The account is held.
pub async fn forget_identifier(
    tx: &mut super::Tx,
    id: &SubjectId,
    identifier: &Identifier,
) -> Result<bool, StoreError> {
    let forgotten = sql("DELETE FROM identifiers WHERE subject_id = $1 AND kind = $2 AND value = $3
         AND (SELECT count(*) FROM identifiers WHERE subject_id = $1) > 1");
    let forgotten = forgotten.bind(id).bind(identifier.kind().as_str()).bind(identifier.reveal());
    Ok(forgotten.execute(tx).await? == 1)
}

/// Whether an identifier of each was proven in one and the same browser since then.
pub async fn proved_both(
    on: impl Into<On<'_>>,
    one: &SubjectId,
    other: &SubjectId,
    since: Time,
) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = sql("SELECT a.issued_at FROM identifiers i
         JOIN challenges a ON a.kind = i.kind AND a.value = i.value AND a.spent_at >= $3
         JOIN challenges b ON b.browser = a.browser AND b.spent_at >= $3
         JOIN identifiers j ON j.kind = b.kind AND j.value = b.value AND j.subject_id = $2
         WHERE i.subject_id = $1 AND a.browser <> '' LIMIT 1")
    .bind(one)
    .bind(other)
    .bind(since)
    .optional(on)
    .await?;
    Ok(row.is_some())
}

/// All that hangs from one account hangs from the other: identifiers, sessions and grants. Memberships and consents are the
/// caller's.
pub async fn change_subject(tx: &mut super::Tx, from: &SubjectId, to: &SubjectId) -> Result<(), StoreError> {
    sql("UPDATE identifiers SET subject_id = $2 WHERE subject_id = $1").bind(from).bind(to).execute(&mut *tx).await?;
    sql("UPDATE sessions SET subject_id = $2 WHERE subject_id = $1").bind(from).bind(to).execute(&mut *tx).await?;
    sql("UPDATE grants SET subject_id = $2 WHERE subject_id = $1").bind(from).bind(to).execute(tx).await.map(drop)
}
