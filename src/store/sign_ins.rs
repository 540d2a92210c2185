//! Sign-ins as operators look for them, newest first: ids begin with the moment they were made, so that their order is that of
//! time. Looking goes by one index from id to id, and asks others whether an id stands in them too, so that few rows are read that
//! are not wanted: they lie all over a database that may be far larger than memory.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::identifier::Identifier;

row! {
    /// Where looking has come to, and whether it is worth reading.
    #[derive(Debug)]
    pub struct Mark {
        pub id: String,
        pub meets: bool,
    }
}

row! {
    /// One sign-in in a list: as far as it came, with the newest passcode asked for.
    #[derive(Debug)]
    pub struct Brief {
        pub id: String,
        pub client_id: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub finished_at: Option<i64>,
        pub kind: Option<String>,
        pub value: Option<String>,
        pub connection: Option<String>,
        pub country: Option<String>,
        pub spent_at: Option<i64>,
    }
}

/// A stretch of ids: from the least on, and below the other; so many at most.
#[derive(Clone, Debug)]
pub struct Stretch {
    pub least: String,
    pub below: String,
    pub most: i64,
}

pub async fn list(on: impl Into<On<'_>>, of: &Stretch) -> Result<Vec<Mark>, StoreError> {
    sql("SELECT id, true AS meets FROM interactions WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .all(on)
        .await
}

/// What meets: a passcode was asked for by this connection, where one is named.
pub async fn list_of_client(
    on: impl Into<On<'_>>,
    of: &Stretch,
    client: &str,
    connection: Option<&str>,
) -> Result<Vec<Mark>, StoreError> {
    sql("SELECT d.id, ($5 = '' OR EXISTS (SELECT 1 FROM challenges c WHERE c.connection = $5 AND c.interaction_id = d.id)) AS meets
         FROM (SELECT id FROM interactions WHERE client_id = $4 AND id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3) d
         ORDER BY d.id DESC")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(client)
        .bind(connection.unwrap_or_default())
        .all(on)
        .await
}

/// Those in which a number of this country was asked for a passcode. What meets: it was of this client, and one was asked for by
/// this connection, where they are named. (`BETWEEN`, since SQLite would else find the row by its key and read it, where the
/// client's index tells as much.)
pub async fn list_of_country(
    on: impl Into<On<'_>>,
    of: &Stretch,
    country: &str,
    client: Option<&str>,
    connection: Option<&str>,
) -> Result<Vec<Mark>, StoreError> {
    sql("SELECT d.id, (($5 = '' OR EXISTS (SELECT 1 FROM interactions i WHERE i.client_id = $5 AND i.id BETWEEN d.id AND d.id))
                AND ($6 = '' OR EXISTS (SELECT 1 FROM challenges c WHERE c.connection = $6 AND c.interaction_id = d.id))) AS meets
         FROM (SELECT DISTINCT interaction_id AS id FROM challenges WHERE country = $4 AND interaction_id >= $1 AND interaction_id < $2 ORDER BY interaction_id DESC LIMIT $3) d
         ORDER BY d.id DESC")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(country)
        .bind(client.unwrap_or_default())
        .bind(connection.unwrap_or_default())
        .all(on)
        .await
}

/// Those in which a passcode was asked for by this connection.
pub async fn list_of_connection(
    on: impl Into<On<'_>>,
    of: &Stretch,
    connection: &str,
) -> Result<Vec<Mark>, StoreError> {
    sql("SELECT DISTINCT interaction_id AS id, true AS meets FROM challenges WHERE connection = $4 AND interaction_id >= $1 AND interaction_id < $2
         ORDER BY interaction_id DESC LIMIT $3")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(connection)
        .all(on)
        .await
}

/// Those in which this identifier was asked for a passcode, though another may have been asked after it.
pub async fn list_of_identifier(
    on: impl Into<On<'_>>,
    of: &Stretch,
    identifier: &Identifier,
) -> Result<Vec<Mark>, StoreError> {
    sql("SELECT DISTINCT interaction_id AS id, true AS meets FROM challenges WHERE kind = $4 AND value = $5 AND interaction_id >= $1 AND interaction_id < $2
         ORDER BY interaction_id DESC LIMIT $3")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .all(on)
        .await
}

/// Those of an account: in which one of its identifiers was asked for a passcode, or which gave something in its name. Only those
/// of one identifier, where one is named.
pub async fn list_of_subject(
    on: impl Into<On<'_>>,
    of: &Stretch,
    subject: &str,
    identifier: Option<&Identifier>,
) -> Result<Vec<Mark>, StoreError> {
    sql("SELECT s.interaction_id AS id, true AS meets FROM
                (SELECT g.interaction_id FROM grants g WHERE g.subject_id = $4
                 UNION SELECT a.interaction_id FROM identifiers n JOIN challenges a ON a.kind = n.kind AND a.value = n.value WHERE n.subject_id = $4) s
               JOIN interactions x ON x.id = s.interaction_id
               WHERE s.interaction_id >= $1 AND s.interaction_id < $2
                AND ($5 = '' OR EXISTS (SELECT 1 FROM challenges e WHERE e.interaction_id = s.interaction_id AND e.kind = $5 AND e.value = $6))
         ORDER BY s.interaction_id DESC LIMIT $3")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(subject)
        .bind(identifier.map_or("", |identifier| identifier.kind().as_str()))
        .bind(identifier.map_or("", Identifier::reveal))
        .all(on)
        .await
}

/// As many as `briefs` reads at once.
pub const AT_ONCE: usize = 25;

/// Those of these ids, newest first; only those that were answered, or were not, where that is asked.
pub async fn briefs(on: impl Into<On<'_>>, ids: &[&str], answered: Option<bool>) -> Result<Vec<Brief>, StoreError> {
    let read = sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM interactions i
         LEFT JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         WHERE i.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
          AND (($26 AND i.finished_at IS NOT NULL) OR ($27 AND i.finished_at IS NULL))
         ORDER BY i.id DESC");
    let ids = ids.iter().copied().chain(std::iter::repeat("")).take(AT_ONCE);
    ids.fold(read, |all, id| all.bind(id)).bind(answered != Some(false)).bind(answered != Some(true)).all(on).await
}
