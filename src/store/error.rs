//! What can go wrong with a database, as the flows tell it apart.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not reached, or shutting down: worth trying again shortly.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Another row has this key already.
    #[error("a row with this key exists")]
    Taken,
    #[error("the database answered with an error: {0}")]
    Broken(String),
    /// A stored row that makes no sense.
    #[error("table {table}: {what}")]
    Inconsistent { table: &'static str, what: String },
}

impl StoreError {
    pub fn inconsistent(table: &'static str, what: impl Into<String>) -> Self {
        Self::Inconsistent { table, what: what.into() }
    }

    pub fn no_thread(error: std::io::Error) -> Self {
        Self::Broken(format!("no thread for SQLite: {error}"))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable(error.to_string()),
            sqlx::Error::Database(told) if told.is_unique_violation() => Self::Taken,
            sqlx::Error::Database(told) => match told.code().as_deref() {
                // PostgreSQL: shutting down, starting up, too many connections, connection classes, serialization, deadlock.
                Some(code)
                    if code.starts_with("57P")
                        || code.starts_with("08")
                        || code.starts_with("53")
                        || matches!(code, "40001" | "40P01" | "3D000") =>
                {
                    Self::Unavailable(error.to_string())
                }
                _ => Self::Broken(error.to_string()),
            },
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) if error.to_string().contains("UNIQUE") => Self::Taken,
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::DiskFull,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}
