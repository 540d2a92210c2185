//! What operators did: appended, never changed, never forgotten.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::audit::Entry;
use crate::domain::time::Time;

row! {
    struct Row {
        seq: i64,
        at: i64,
        actor: String,
        act: String,
        noun: String,
        name: String,
        before: Option<String>,
        after: Option<String>,
        address: String,
        mac: String,
    }
}

impl Row {
    fn noun(self) -> Result<Entry, StoreError> {
        let read = |text: Option<String>| text.map(|text| super::catalog::read("audit", &text)).transpose();
        Ok(Entry {
            seq: self.seq,
            at: Time(self.at),
            actor: self.actor,
            act: self.act,
            noun: self.noun,
            name: self.name,
            before: read(self.before)?,
            after: read(self.after)?,
            address: self.address,
            mac: self.mac,
        })
    }
}

row! {
    /// The newest entry: its place, and its mac.
    pub struct Head {
        pub seq: i64,
        pub mac: String,
    }
}

/// The newest entry, held until this transaction ends: the next to append waits.
pub async fn hold(tx: &mut super::Tx) -> Result<Head, StoreError> {
    let head: Option<Head> =
        sql("UPDATE audit_head SET seq = seq WHERE id = 1 RETURNING seq, mac").optional(tx).await?;
    head.ok_or_else(|| StoreError::inconsistent("audit_head", "its one row is missing"))
}

pub async fn find_head(on: impl Into<On<'_>>) -> Result<Head, StoreError> {
    let head: Option<Head> = sql("SELECT seq, mac FROM audit_head WHERE id = 1").optional(on).await?;
    head.ok_or_else(|| StoreError::inconsistent("audit_head", "its one row is missing"))
}

/// Appends the entry that follows the head held.
pub async fn add(tx: &mut super::Tx, entry: &Entry) -> Result<(), StoreError> {
    sql("INSERT INTO audit (seq, at, actor, act, noun, name, before, after, address, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(entry.seq)
        .bind(entry.at)
        .bind(&entry.actor)
        .bind(&entry.act)
        .bind(&entry.noun)
        .bind(&entry.name)
        .bind(entry.before.as_ref().map(ToString::to_string))
        .bind(entry.after.as_ref().map(ToString::to_string))
        .bind(&entry.address)
        .bind(&entry.mac)
        .execute(&mut *tx)
        .await?;
    sql("UPDATE audit_head SET seq = $1, mac = $2 WHERE id = 1")
        .bind(entry.seq)
        .bind(&entry.mac)
        .execute(tx)
        .await
        .map(drop)
}

/// Which entries are asked for. Empty texts mean any.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor: String,
    pub noun: String,
    pub name: String,
    pub since: Option<Time>,
    /// Before this moment.
    pub until: Option<Time>,
}

/// Newest first, those before `before`.
pub async fn list(on: impl Into<On<'_>>, filter: &Filter, before: i64, most: i64) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = sql("SELECT seq, at, actor, act, noun, name, before, after, address, mac FROM audit
         WHERE seq < $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR noun = $3) AND ($4 = '' OR name = $4)
           AND at >= $5 AND at < $6 ORDER BY seq DESC LIMIT $7")
    .bind(before)
    .bind(&filter.actor)
    .bind(&filter.noun)
    .bind(&filter.name)
    .bind(filter.since.unwrap_or_default())
    .bind(filter.until.unwrap_or(Time(i64::MAX)))
    .bind(most)
    .all(on)
    .await?;
    rows.into_iter().map(Row::noun).collect()
}

/// Oldest first, those after `after`.
pub async fn list_onward(on: impl Into<On<'_>>, after: i64, most: i64) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = sql("SELECT seq, at, actor, act, noun, name, before, after, address, mac FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(after)
        .bind(most)
        .all(on)
        .await?;
    rows.into_iter().map(Row::noun).collect()
}
