//! Rows as either engine gives them: `row! { struct … }` makes a struct both can fill. Its fields stand in the order of the
//! statement's columns and bear their names; debug builds hold the two against each other at every row. Four column types: text,
//! integer, boolean, bytes, each nullable.

use rusqlite::types::FromSql;
use sqlx::postgres::PgRow;
use sqlx::{Decode, Postgres, Type};
use std::ops::RangeFrom;

/// What a column can be read as.
pub trait Column: for<'r> Decode<'r, Postgres> + Type<Postgres> + FromSql {}
impl<T> Column for T where T: for<'r> Decode<'r, Postgres> + Type<Postgres> + FromSql {}

/// By place, beginning with column `at`: looking a name up costs more than reading what it names.
pub trait Row: Sized + Send + Unpin + 'static {
    const COLUMNS: usize;
    fn from_postgres(row: &PgRow, at: usize) -> Result<Self, sqlx::Error>;
    fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self, rusqlite::Error>;
}

macro_rules! row {
    ($(#[$about:meta])* $seen:vis struct $name:ident { $($(#[$of:meta])* $field_seen:vis $field:ident: $kind:ty,)+ }) => {
        $(#[$about])*
        $seen struct $name { $($(#[$of])* $field_seen $field: $kind,)+ }

        impl $crate::store::row::Row for $name {
            const COLUMNS: usize = [$(stringify!($field)),+].len();
            fn from_postgres(row: &sqlx::postgres::PgRow, at: usize) -> Result<Self, sqlx::Error> {
                let mut places = at..;
                Ok(Self { $($field: $crate::store::row::postgres(row, &mut places, stringify!($field))?,)+ })
            }
            fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self, rusqlite::Error> {
                let mut places = at..;
                Ok(Self { $($field: $crate::store::row::sqlite(row, &mut places, stringify!($field))?,)+ })
            }
        }
    };
}
pub(super) use row;

pub(super) fn postgres<T: Column>(row: &PgRow, places: &mut RangeFrom<usize>, name: &str) -> Result<T, sqlx::Error> {
    let place = places.next().unwrap_or_default();
    debug_assert_eq!(sqlx::Row::columns(row).get(place).map(sqlx::Column::name), Some(name), "column {place}");
    sqlx::Row::try_get(row, place)
}

pub(super) fn sqlite<T: Column>(
    row: &rusqlite::Row<'_>,
    places: &mut RangeFrom<usize>,
    name: &str,
) -> Result<T, rusqlite::Error> {
    let place = places.next().unwrap_or_default();
    debug_assert_eq!(row.as_ref().column_name(place), Ok(name), "column {place}");
    row.get(place)
}

/// One column, whatever it is called.
impl<A: Column + Send + Unpin + 'static> Row for (A,) {
    const COLUMNS: usize = 1;
    fn from_postgres(row: &PgRow, at: usize) -> Result<Self, sqlx::Error> {
        Ok((sqlx::Row::try_get(row, at)?,))
    }
    fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self, rusqlite::Error> {
        Ok((row.get(at)?,))
    }
}

/// Two nouns of one joined row: the first one's columns, then the other's.
pub struct Both<A, B>(pub A, pub B);

impl<A: Row, B: Row> Row for Both<A, B> {
    const COLUMNS: usize = A::COLUMNS + B::COLUMNS;
    fn from_postgres(row: &PgRow, at: usize) -> Result<Self, sqlx::Error> {
        Ok(Self(A::from_postgres(row, at)?, B::from_postgres(row, at + A::COLUMNS)?))
    }
    fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self, rusqlite::Error> {
        Ok(Self(A::from_sqlite(row, at)?, B::from_sqlite(row, at + A::COLUMNS)?))
    }
}
