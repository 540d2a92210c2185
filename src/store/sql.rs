//! One SQL text, two engines: `sql("…").bind(x).one::<Row>(on)`, where `on` is the database or an open transaction.
//! The binds are a closed set, and are the column rule: text, integer, boolean, bytes.

use super::aside::Reader;
use super::db::{Aside, Db, Engine, Open, Tx};
use super::error::StoreError;
use super::lane::Taken;
use super::pool::Pool;
use super::row::Row;
use super::sync::{Sync, settle};
use crate::domain::ids;
use crate::domain::time::Time;
use rusqlite::types::ToSqlOutput;
use rusqlite::{CachedStatement, Connection, ToSql};
use sqlx::PgConnection;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
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
    Option<i64> => Self::Int,
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

/// Where a statement runs.
pub enum On<'a> {
    Db(&'a Db),
    Aside(Aside<'a>),
    Tx(&'a mut Tx),
}
impl<'a> From<Aside<'a>> for On<'a> {
    fn from(aside: Aside<'a>) -> Self {
        Self::Aside(aside)
    }
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
    AsideSqlite(&'a Reader),
    WithinSqlite(&'a mut Taken),
    Postgres(&'a Pool),
    WithinPostgres(&'a mut PgConnection),
}

impl<'a> On<'a> {
    async fn place(self) -> Result<Place<'a>, StoreError> {
        let counted = match &self {
            On::Db(db) | On::Aside(Aside(db)) => &db.counted,
            On::Tx(tx) => &tx.counted,
        };
        counted.statements.fetch_add(1, Ordering::Relaxed);
        Ok(match self {
            On::Db(Db { engine: Engine::Sqlite { lane, sync, .. }, .. }) => Place::Sqlite(lane.take().await?, sync),
            On::Aside(Aside(Db { engine: Engine::Sqlite { aside, .. }, .. })) => Place::AsideSqlite(aside),
            On::Db(Db { engine: Engine::Postgres(pool), .. })
            | On::Aside(Aside(Db { engine: Engine::Postgres(pool), .. })) => Place::Postgres(pool),
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
        Ok(self.all(on).await?.into_iter().next())
    }

    #[expect(clippy::disallowed_methods, reason = "this is where queries are made")]
    pub async fn all<R: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<R>, StoreError> {
        let rows = match on.into().place().await? {
            Place::Sqlite(taken, sync) => {
                let rows = self.rows(&taken)?;
                self.settled(taken, sync).await?;
                return Ok(rows);
            }
            Place::AsideSqlite(reader) => return reader.read(move |connection| self.rows(connection)).await,
            Place::WithinSqlite(taken) => return self.rows(taken),
            Place::Postgres(pool) => {
                let asked = bound!(sqlx::query(self.text), self.binds).fetch_all(&pool.connections);
                asked.await.map_err(|error| pool.failed(error))?
            }
            Place::WithinPostgres(tx) => bound!(sqlx::query(self.text), self.binds).fetch_all(tx).await?,
        };
        Ok(rows.iter().map(|row| R::from_postgres(row, 0)).collect::<Result<_, _>>()?)
    }

    /// How many rows it changed.
    #[expect(clippy::disallowed_methods, reason = "this is where queries are made")]
    pub async fn execute(self, on: impl Into<On<'_>>) -> Result<u64, StoreError> {
        let on = on.into();
        if let On::Aside(_) = on {
            return Err(self.only_read());
        }
        Ok(match on.place().await? {
            Place::Sqlite(taken, sync) => {
                let changed = self.changed(&taken)?;
                self.settled(taken, sync).await?;
                changed
            }
            Place::AsideSqlite(_) => return Err(self.only_read()),
            Place::WithinSqlite(taken) => self.changed(taken)?,
            Place::Postgres(pool) => {
                let done = bound!(sqlx::query(self.text), self.binds).execute(&pool.connections);
                done.await.map_err(|error| pool.failed(error))?.rows_affected()
            }
            Place::WithinPostgres(tx) => bound!(sqlx::query(self.text), self.binds).execute(tx).await?.rows_affected(),
        })
    }

    fn only_read(&self) -> StoreError {
        StoreError::Broken(format!("only reads go aside: {}", self.text))
    }

    /// Outside a transaction, what is written is flushed before anybody hears of it; others go on meanwhile.
    async fn settled(&self, taken: Taken, sync: &Sync) -> Result<(), StoreError> {
        let waits = !self.relaxed && !self.text.starts_with("SELECT");
        settle(taken, waits.then_some(sync)).await
    }

    fn rows<R: Row>(&self, connection: &Connection) -> Result<Vec<R>, StoreError> {
        let mut prepared = self.prepared(connection)?;
        let mut rows = prepared.raw_query();
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            read.push(R::from_sqlite(row, 0)?);
        }
        Ok(read)
    }

    fn changed(&self, connection: &Connection) -> Result<u64, StoreError> {
        let changed = self.prepared(connection)?.raw_execute()?;
        Ok(u64::try_from(changed).unwrap_or(0))
    }

    fn prepared<'c>(&self, connection: &'c Connection) -> Result<CachedStatement<'c>, StoreError> {
        let mut prepared = connection.prepare_cached(self.text)?;
        for (place, meant) in meant(self.text, &prepared).iter().enumerate() {
            let bind = meant.and_then(|meant| self.binds.get(meant));
            let bind = bind.ok_or_else(|| StoreError::Broken(format!("no bind for a parameter of: {}", self.text)))?;
            prepared.raw_bind_parameter(place + 1, bind)?;
        }
        Ok(prepared)
    }
}

/// By text, which stays where it is.
type Meant = HashMap<(*const u8, usize), Arc<[Option<usize>]>>;

/// Which bind each parameter means: SQLite numbers `$n` by first appearance; we mean the n-th bind. Asked of SQLite once for each
/// text: it finds a name by going through all, and a statement of many rows has a thousand.
fn meant(text: &'static str, prepared: &CachedStatement<'_>) -> Arc<[Option<usize>]> {
    thread_local!(static KNOWN: RefCell<Meant> = RefCell::default());
    let key = (text.as_ptr(), text.len());
    KNOWN.with_borrow_mut(|known| {
        let ask = || {
            let meant =
                |place| prepared.parameter_name(place)?.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1);
            (1..=prepared.parameter_count()).map(meant).collect()
        };
        known.entry(key).or_insert_with(ask).clone()
    })
}

impl ToSql for Bind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(value) => value.to_sql(),
            Self::Int(value) => value.to_sql(),
            Self::Bool(value) => value.to_sql(),
            Self::Bytes(value) => value.to_sql(),
        }
    }
}
