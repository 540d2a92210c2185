//! One SQL text, two engines: `sql("…").bind(x).one::<Row>(on)`, where `on` is the database or an open transaction.
//! The binds are a closed set, and are the column rule: text, integer, boolean, bytes.

use super::db::{Db, Engine, Open, Tx};
use super::error::StoreError;
use super::lane::Taken;
use super::sync::Sync;
use crate::domain::ids;
use crate::domain::time::Time;
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Either, Executor, FromRow, PgPool, SqlSafeStr};
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

/// The same words over each engine's own types.
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

/// Where a statement has been let in.
enum Place<'a> {
    Sqlite(Taken, &'a Sync),
    WithinSqlite(&'a mut Taken),
    Postgres(&'a PgPool),
    WithinPostgres(&'a mut PgConnection),
}

impl<'a> On<'a> {
    async fn place(self) -> Result<Place<'a>, StoreError> {
        let counted = match &self {
            On::Db(db) => &db.counted,
            On::Tx(tx) => &tx.counted,
        };
        counted.statements.fetch_add(1, Ordering::Relaxed);
        Ok(match self {
            On::Db(Db { engine: Engine::Sqlite { lane, sync }, .. }) => Place::Sqlite(lane.take().await?, sync),
            On::Db(Db { engine: Engine::Postgres(pool), .. }) => Place::Postgres(pool),
            On::Tx(Tx { open: Open::Sqlite(taken), .. }) => Place::WithinSqlite(taken),
            On::Tx(Tx { open: Open::Postgres(tx), .. }) => Place::WithinPostgres(tx),
        })
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
        Ok(match on.into().place().await? {
            Place::Sqlite(mut taken, sync) => self.alone(&mut taken, sync).await?.first()?,
            Place::WithinSqlite(taken) => self.on_sqlite(taken).await?.first()?,
            Place::Postgres(pool) => bound!(sqlx::query_as(self.text), self.binds).fetch_optional(pool).await?,
            Place::WithinPostgres(tx) => bound!(sqlx::query_as(self.text), self.binds).fetch_optional(tx).await?,
        })
    }

    pub async fn all<R: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<R>, StoreError> {
        Ok(match on.into().place().await? {
            Place::Sqlite(mut taken, sync) => self.alone(&mut taken, sync).await?.all()?,
            Place::WithinSqlite(taken) => self.on_sqlite(taken).await?.all()?,
            Place::Postgres(pool) => bound!(sqlx::query_as(self.text), self.binds).fetch_all(pool).await?,
            Place::WithinPostgres(tx) => bound!(sqlx::query_as(self.text), self.binds).fetch_all(tx).await?,
        })
    }

    /// How many rows it changed.
    #[expect(clippy::disallowed_methods, reason = "this is where queries are made")]
    pub async fn execute(self, on: impl Into<On<'_>>) -> Result<u64, StoreError> {
        Ok(match on.into().place().await? {
            Place::Sqlite(mut taken, sync) => self.alone(&mut taken, sync).await?.changed,
            Place::WithinSqlite(taken) => self.on_sqlite(taken).await?.changed,
            Place::Postgres(pool) => bound!(sqlx::query(self.text), self.binds).execute(pool).await?.rows_affected(),
            Place::WithinPostgres(tx) => bound!(sqlx::query(self.text), self.binds).execute(tx).await?.rows_affected(),
        })
    }

    /// Outside a transaction, what is written is flushed before anybody hears of it.
    async fn alone(self, taken: &mut Taken, sync: &Sync) -> Result<Told, StoreError> {
        let durable = !self.relaxed && !self.text.starts_with("SELECT");
        let told = self.on_sqlite(taken).await?;
        if durable {
            sync.flushed().await?;
        }
        Ok(told)
    }

    /// Reads just as far as the statement's own end: waiting for sqlx to say that nothing follows wakes the task once more
    /// for every statement. A transaction begins with its first statement, in the same breath.
    #[expect(clippy::disallowed_methods, reason = "this is where queries are made")]
    async fn on_sqlite(self, taken: &mut Taken) -> Result<Told, StoreError> {
        let begins = taken.begins();
        let text = if begins {
            AssertSqlSafe(format!("BEGIN IMMEDIATE; {}", self.text)).into_sql_str()
        } else {
            self.text.into_sql_str()
        };
        let mut ends_to_come = if begins { 2 } else { 1 };
        let mut stream = (&mut **taken).fetch_many(bound!(sqlx::query(text), self.binds));
        let mut rows = Vec::new();
        while let Some(step) = stream.try_next().await? {
            match step {
                Either::Right(row) => rows.push(row),
                Either::Left(end) => {
                    ends_to_come -= 1;
                    if ends_to_come == 0 {
                        return Ok(Told { rows, changed: end.rows_affected() });
                    }
                }
            }
        }
        Ok(Told { rows, changed: 0 })
    }
}

/// What SQLite said.
struct Told {
    rows: Vec<SqliteRow>,
    changed: u64,
}

impl Told {
    fn first<R: Row>(&self) -> Result<Option<R>, sqlx::Error> {
        self.rows.first().map(R::from_row).transpose()
    }

    fn all<R: Row>(&self) -> Result<Vec<R>, sqlx::Error> {
        self.rows.iter().map(R::from_row).collect()
    }
}
