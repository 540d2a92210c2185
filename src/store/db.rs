//! The two engines behind one value: opening, migrating under a lock, transactions, whether it answers.

use super::aside::Reader;
use super::error::StoreError;
use super::lane::{Lane, Taken};
use super::pool::Pool;
use super::sync::{Sync, settle};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{Connection, Postgres, SqliteConnection, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a request waits for a connection before it says 503.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone, Debug)]
pub struct Db {
    pub(super) engine: Engine,
    pub(super) counted: Arc<Counted>,
}

#[derive(Clone, Debug)]
pub(super) enum Engine {
    /// One connection that writes. SQLite has one writer in any case, and its cache stays good only while nobody else writes; the queue
    /// before it is fair, where SQLite's own retry sleeps for up to seconds.
    Sqlite {
        file: Box<SqliteConnectOptions>,
        lane: Lane,
        aside: Reader,
        sync: Sync,
    },
    Postgres(Pool),
}

/// The database as those read it who read much and have time, such as operators' lists: what others write goes on meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Aside<'a>(pub(super) &'a Db);

/// How many statements were sent: `countersign_sql_statements_total`, transactions apart.
#[derive(Debug, Default)]
pub struct Counted {
    pub statements: AtomicU64,
    pub transactions: AtomicU64,
}

impl Db {
    /// `sqlite:path`, `sqlite::memory:` is refused (each connection would see its own), `postgres://…`.
    pub async fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        let engine = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Engine::Postgres(Pool::open(url, connections, PATIENCE).await?)
        } else {
            open_sqlite(url).await?
        };
        Ok(Self { engine, counted: Arc::default() })
    }

    /// Brings the tables up to date. Three nodes may start at once: PostgreSQL's advisory lock, SQLite's write lock.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let broken = |error: sqlx::migrate::MigrateError| match error {
            sqlx::migrate::MigrateError::Execute(error) => StoreError::from(error),
            error => StoreError::Broken(error.to_string()),
        };
        // What only one engine needs has numbers of its own, from 1000.
        let with = |own: Migrator| {
            let both = sqlx::migrate!("./migrations");
            Migrator::with_migrations(both.iter().chain(own.iter()).cloned().collect())
        };
        match &self.engine {
            Engine::Sqlite { file, .. } => {
                // sqlx's own connection, for as long as its migrator runs.
                let mut connection = SqliteConnection::connect_with(file).await?;
                let all = with(sqlx::migrate!("./migrations/sqlite"));
                let ran = all.run(&mut connection).await.map_err(broken);
                connection.close().await?;
                ran
            }
            Engine::Postgres(pool) => {
                let all = with(sqlx::migrate!("./migrations/postgres"));
                all.run(&pool.connections).await.map_err(broken)
            }
        }
    }

    pub async fn begin(&self) -> Result<Tx, StoreError> {
        match &self.engine {
            Engine::Sqlite { lane, .. } => self.begin_on(lane.take().await?),
            Engine::Postgres(pool) => self.begin_at(pool).await,
        }
    }

    /// For what writes much, and has time: it waits while a log is moved that its own writing made long.
    pub async fn begin_in_turn(&self) -> Result<Tx, StoreError> {
        match &self.engine {
            Engine::Sqlite { lane, .. } => self.begin_on(lane.take_in_turn().await?),
            Engine::Postgres(pool) => self.begin_at(pool).await,
        }
    }

    pub fn aside(&self) -> Aside<'_> {
        Aside(self)
    }

    fn begin_on(&self, mut taken: Taken) -> Result<Tx, StoreError> {
        taken.begin()?;
        let sync = match &self.engine {
            Engine::Sqlite { sync, .. } => Some(sync.clone()),
            Engine::Postgres(_) => None,
        };
        Ok(self.begun(Open::Sqlite(taken), sync))
    }

    async fn begin_at(&self, pool: &Pool) -> Result<Tx, StoreError> {
        Ok(self.begun(Open::Postgres(pool.begin().await?), None))
    }

    fn begun(&self, open: Open, sync: Option<Sync>) -> Tx {
        self.counted.transactions.fetch_add(1, Ordering::Relaxed);
        Tx { open, sync, counted: self.counted.clone() }
    }

    /// How much of the database stays in this process's memory, in MiB, while much is written all over it; `None` is as usual.
    /// PostgreSQL has memory of its own.
    pub async fn keep(&self, mib: Option<u32>) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite { lane, .. } => lane.keep(mib).await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    pub fn counted(&self) -> &Counted {
        &self.counted
    }

    pub fn engine_name(&self) -> &'static str {
        match &self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { lane, aside, .. } => {
                aside.close();
                lane.close();
            }
            Engine::Postgres(pool) => pool.connections.close().await,
        }
    }
}

/// An open transaction. Dropped, it rolls back.
pub struct Tx {
    pub(super) open: Open,
    sync: Option<Sync>,
    pub(super) counted: Arc<Counted>,
}

pub(super) enum Open {
    Sqlite(Taken),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Returns when a power cut can no longer undo it.
    pub async fn commit(self) -> Result<(), StoreError> {
        match (self.open, self.sync) {
            (Open::Sqlite(mut taken), sync) => {
                taken.commit()?;
                settle(taken, sync.as_ref()).await
            }
            (Open::Postgres(tx), _) => Ok(tx.commit().await?),
        }
    }

    /// What it wrote may be lost in a power cut (not in a crash): nothing was promised on its strength.
    pub async fn commit_relaxed(mut self) -> Result<(), StoreError> {
        self.sync = None;
        self.commit().await
    }
}

/// The file is made, and set to write ahead, by sqlx; everything after is the lane's.
async fn open_sqlite(url: &str) -> Result<Engine, StoreError> {
    let file = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(PATIENCE)
        .foreign_keys(true);
    SqliteConnection::connect_with(&file).await?.close().await?;
    let lane = Lane::open(file.get_filename(), PATIENCE)?;
    let aside = Reader::start(file.get_filename(), PATIENCE, lane.database.clone())?;
    let sync = Sync::start(file.get_filename(), lane.clone())?;
    Ok(Engine::Sqlite { file: Box::new(file), lane, aside, sync })
}
