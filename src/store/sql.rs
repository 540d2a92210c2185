//! One SQL text, two engines: `sql("…").bind(x).one::<Row>(on)`, where `on` is the database or an open transaction.
//! The binds are a closed set, and are the column rule: text, integer, boolean, bytes.

use super::db::{Db, Engine, Open, Tx};
use super::error::StoreError;
use crate::domain::ids;
use crate::domain::time::Time;
use sqlx::FromRow;
use sqlx::postgres::{PgQueryResult, PgRow};
use sqlx::sqlite::{SqliteQueryResult, SqliteRow};
use std::sync::atomic::Ordering;

#[derive(Clone, Debug)]
pub enum Bind {
    Text(Option<String>),
    Int(Option<i64>),
    Bool(bool),
    Bytes(Option<Vec<u8>>),
}

macro_rules! bind_from {
    ($($from:ty => $make:expr),+ $(,)?) => {$(
        impl From<$from> for Bind { fn from(value: $from) -> Self { $make(value) } }
    )+};
}
bind_from! {
    &str => |v: &str| Self::Text(Some(v.to_owned())),
    String => |v| Self::Text(Some(v)),
    &String => |v: &String| Self::Text(Some(v.clone())),
    Option<String> => Self::Text,
    i64 => |v| Self::Int(Some(v)),
    Time => |v: Time| Self::Int(Some(v.0)),
    Option<Time> => |v: Option<Time>| Self::Int(v.map(|time| time.0)),
    bool => Self::Bool,
    Vec<u8> => |v| Self::Bytes(Some(v)),
    Option<Vec<u8>> => Self::Bytes,
}
macro_rules! bind_ids {
    ($($id:ident),+) => {$(
        impl From<&ids::$id> for Bind { fn from(id: &ids::$id) -> Self { Self::Text(Some(id.as_str().to_owned())) } }
    )+};
}
bind_ids!(ClientId, ConnectionId, SubjectId, SessionId, InteractionId, ChallengeId, GrantId, AttemptId, KeyId);

/// A struct both engines can fill: `#[derive(sqlx::FromRow)]` over the four column types makes one.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// Where a statement runs.
pub enum On<'a> {
    Db(&'a Db),
    Tx(&'a mut Tx),
}
impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        Self::Db(db)
    }
}
impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Tx(tx)
    }
}

#[derive(Debug)]
pub struct Statement {
    text: &'static str,
    binds: Vec<Bind>,
    relaxed: bool,
}

pub fn sql(text: &'static str) -> Statement {
    Statement { text, binds: Vec::new(), relaxed: false }
}

/// The same words over each engine's own types: bind, pick the executor, finish.
macro_rules! bound {
    ($query:expr, $binds:expr) => {
        $binds.into_iter().fold($query, |query, bind| match bind {
            Bind::Text(value) => query.bind(value),
            Bind::Int(value) => query.bind(value),
            Bind::Bool(value) => query.bind(value),
            Bind::Bytes(value) => query.bind(value),
        })
    };
}

macro_rules! run {
    ($self:ident, $on:expr, $make:expr, $finish:ident) => {{
        let Statement { text, binds, relaxed } = $self;
        match $on.into() {
            On::Db(db) => {
                db.counted.statements.fetch_add(1, Ordering::Relaxed);
                match &db.engine {
                    Engine::Sqlite { lane, sync } => {
                        let done = bound!($make(text), binds).$finish(&mut *lane.take().await?).await.map(Into::into);
                        if !relaxed && !text.starts_with("SELECT") && done.is_ok() {
                            sync.flushed().await?;
                        }
                        done
                    }
                    Engine::Postgres(pool) => bound!($make(text), binds).$finish(pool).await.map(Into::into),
                }
            }
            On::Tx(tx) => {
                tx.counted.statements.fetch_add(1, Ordering::Relaxed);
                match &mut tx.open {
                    Open::Sqlite(open) => bound!($make(text), binds).$finish(&mut **open).await.map(Into::into),
                    Open::Postgres(open) => bound!($make(text), binds).$finish(&mut **open).await.map(Into::into),
                }
            }
        }
    }};
}

/// How many rows a statement changed, whichever engine says it.
struct Changed(u64);
impl From<SqliteQueryResult> for Changed {
    fn from(result: SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}
impl From<PgQueryResult> for Changed {
    fn from(result: PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl Statement {
    pub fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.binds.push(value.into());
        self
    }

    /// What it writes by itself may be lost in a power cut (not in a crash): nothing was promised on its strength.
    pub fn relaxed(mut self) -> Self {
        self.relaxed = true;
        self
    }

    /// The row, if there is one.
    pub async fn optional<R: Row>(self, on: impl Into<On<'_>>) -> Result<Option<R>, StoreError> {
        let row: Result<Option<R>, sqlx::Error> = run!(self, on, sqlx::query_as, fetch_optional);
        Ok(row?)
    }

    pub async fn all<R: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<R>, StoreError> {
        let rows: Result<Vec<R>, sqlx::Error> = run!(self, on, sqlx::query_as, fetch_all);
        Ok(rows?)
    }

    /// How many rows it changed.
    #[expect(clippy::disallowed_methods, reason = "this is where queries are made")]
    pub async fn execute(self, on: impl Into<On<'_>>) -> Result<u64, StoreError> {
        let changed: Result<Changed, sqlx::Error> = run!(self, on, sqlx::query, execute);
        Ok(changed?.0)
    }
}
