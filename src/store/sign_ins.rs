//! Sign-ins as operators look for them, newest first: ids begin with the moment they were made, so that their order is that of
//! time. Each text goes by one index from id to id; what else is asked is the caller's to look at.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::identifier::Identifier;

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

pub async fn list(on: impl Into<On<'_>>, of: &Stretch) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM (SELECT id, client_id, created_at, expires_at, finished_at FROM interactions WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3) i
         LEFT JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         ORDER BY i.id DESC")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .all(on)
        .await
}

pub async fn list_of_client(on: impl Into<On<'_>>, of: &Stretch, client: &str) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM (SELECT id, client_id, created_at, expires_at, finished_at FROM interactions WHERE client_id = $4 AND id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3) i
         LEFT JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         ORDER BY i.id DESC")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(client)
        .all(on)
        .await
}

/// Those in which a number of this country was asked for a passcode.
pub async fn list_of_country(on: impl Into<On<'_>>, of: &Stretch, country: &str) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM (SELECT DISTINCT interaction_id FROM challenges WHERE country = $4 AND interaction_id >= $1 AND interaction_id < $2 ORDER BY interaction_id DESC LIMIT $3) d
         JOIN interactions i ON i.id = d.interaction_id
         JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         ORDER BY i.id DESC")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(country)
        .all(on)
        .await
}

/// Those in which a passcode was asked for by this connection.
pub async fn list_of_connection(
    on: impl Into<On<'_>>,
    of: &Stretch,
    connection: &str,
) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM (SELECT DISTINCT interaction_id FROM challenges WHERE connection = $4 AND interaction_id >= $1 AND interaction_id < $2 ORDER BY interaction_id DESC LIMIT $3) d
         JOIN interactions i ON i.id = d.interaction_id
         JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         ORDER BY i.id DESC")
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
) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM (SELECT DISTINCT interaction_id FROM challenges WHERE kind = $4 AND value = $5 AND interaction_id >= $1 AND interaction_id < $2 ORDER BY interaction_id DESC LIMIT $3) d
         JOIN interactions i ON i.id = d.interaction_id
         JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         ORDER BY i.id DESC")
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
) -> Result<Vec<Brief>, StoreError> {
    sql("SELECT i.id, i.client_id, i.created_at, i.expires_at, i.finished_at, c.kind, c.value, c.connection, c.country, c.spent_at
         FROM (SELECT s.interaction_id FROM
                (SELECT g.interaction_id FROM grants g WHERE g.subject_id = $4
                 UNION SELECT a.interaction_id FROM identifiers n JOIN challenges a ON a.kind = n.kind AND a.value = n.value WHERE n.subject_id = $4) s
               JOIN interactions x ON x.id = s.interaction_id
               WHERE s.interaction_id >= $1 AND s.interaction_id < $2
                AND ($5 = '' OR EXISTS (SELECT 1 FROM challenges e WHERE e.interaction_id = s.interaction_id AND e.kind = $5 AND e.value = $6)) ORDER BY s.interaction_id DESC LIMIT $3) d
         JOIN interactions i ON i.id = d.interaction_id
         LEFT JOIN challenges c ON c.interaction_id = i.id AND c.place = (SELECT max(n.place) FROM challenges n WHERE n.interaction_id = i.id)
         ORDER BY i.id DESC")
        .bind(&of.least)
        .bind(&of.below)
        .bind(of.most)
        .bind(subject)
        .bind(identifier.map_or("", |identifier| identifier.kind().as_str()))
        .bind(identifier.map_or("", Identifier::reveal))
        .all(on)
        .await
}
