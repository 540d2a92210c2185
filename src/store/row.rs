//! Rows as either engine gives them: `row! { struct … }` makes a struct both can fill, each field from the column of its name.
//! Four column types: text, integer, boolean, bytes, each nullable.

use rusqlite::types::FromSql;
use sqlx::postgres::PgRow;
use sqlx::{Decode, Postgres, Type};

/// What a column can be read as.
pub trait Column: for<'r> Decode<'r, Postgres> + Type<Postgres> + FromSql {}
impl<T> Column for T where T: for<'r> Decode<'r, Postgres> + Type<Postgres> + FromSql {}

pub trait Row: Sized + Send + Unpin {
    fn from_postgres(row: &PgRow) -> Result<Self, sqlx::Error>;
    fn from_sqlite(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error>;
}

macro_rules! row {
    ($(#[$about:meta])* $seen:vis struct $name:ident { $($(#[$of:meta])* $field_seen:vis $field:ident: $kind:ty,)+ }) => {
        $(#[$about])*
        $seen struct $name { $($(#[$of])* $field_seen $field: $kind,)+ }

        impl $crate::store::row::Row for $name {
            fn from_postgres(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: sqlx::Row::try_get(row, stringify!($field))?,)+ })
            }
            fn from_sqlite(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
                Ok(Self { $($field: row.get(stringify!($field))?,)+ })
            }
        }
    };
}
pub(super) use row;

/// One column, whatever it is called.
impl<A: Column + Send + Unpin> Row for (A,) {
    fn from_postgres(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok((sqlx::Row::try_get(row, 0)?,))
    }
    fn from_sqlite(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok((row.get(0)?,))
    }
}

/// Two nouns of one joined row, each by the names of its columns.
pub struct Both<A, B>(pub A, pub B);

impl<A: Row, B: Row> Row for Both<A, B> {
    fn from_postgres(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self(A::from_postgres(row)?, B::from_postgres(row)?))
    }
    fn from_sqlite(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self(A::from_sqlite(row)?, B::from_sqlite(row)?))
    }
}
