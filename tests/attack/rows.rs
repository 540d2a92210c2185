//! The database as somebody sees it who got hold of it: every table, every row, as text.

#![allow(dead_code, reason = "each test binary asks its own questions")]

use crate::harness::{Engine, House};
use sqlx::AssertSqlSafe;

pub enum Rows {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

impl Rows {
    pub async fn of(house: &House) -> Self {
        Self::at(&house.database_url).await
    }

    pub async fn at(url: &str) -> Self {
        if url.starts_with("postgres") {
            Self::Postgres(sqlx::PgPool::connect(url).await.expect("connects"))
        } else {
            Self::Sqlite(sqlx::SqlitePool::connect(url).await.expect("opens"))
        }
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The one number a statement answers with.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await,
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await,
        }
        .expect("a number")
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {table}")).await
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await,
        }
        .expect("texts")
    }

    pub async fn tables(&self) -> Vec<String> {
        self.texts(match self.engine() {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
        })
        .await
    }

    /// Every row of every table: `(table, row as text)`. Bytes stand as hex.
    pub async fn dump(&self) -> Vec<(String, String)> {
        let mut dump = Vec::new();
        for table in self.tables().await {
            let sql = match self.engine() {
                Engine::Sqlite => {
                    let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                    let quoted: Vec<String> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
                    format!("SELECT {} FROM {table}", quoted.join(" || ' ' || "))
                }
                Engine::Postgres => format!("SELECT row_to_json(t)::text FROM {table} t"),
            };
            dump.extend(self.texts(&sql).await.into_iter().map(|row| (table.clone(), row)));
        }
        dump
    }
}
