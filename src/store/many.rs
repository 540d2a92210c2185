//! Many rows in one statement.

use super::error::StoreError;
use super::sql::{Bind, sql};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// As many as are written at once; what is left over goes one by one.
const MANY: usize = 64;

/// Each text is made once, and stays: there are two for each table.
static TEXTS: LazyLock<Mutex<HashMap<(&'static str, usize), &'static str>>> = LazyLock::new(Mutex::default);

/// `INSERT INTO … (…)`, rows of binds, and what follows the rows.
pub(super) async fn insert(
    tx: &mut super::Tx,
    head: &'static str,
    tail: &'static str,
    rows: Vec<Vec<Bind>>,
) -> Result<u64, StoreError> {
    let mut written = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let many: Vec<Vec<Bind>> = rows.by_ref().take(MANY).collect();
        let whole = many.len() == MANY;
        let mut pieces = if whole { vec![many] } else { many.into_iter().map(|row| vec![row]).collect() };
        for piece in pieces.drain(..) {
            let text = text(head, tail, piece.len(), piece.first().map_or(0, Vec::len));
            let statement = piece.into_iter().flatten().fold(sql(text).relaxed(), |all, bind| all.bind(bind));
            written += statement.execute(&mut *tx).await?;
        }
    }
    Ok(written)
}

fn text(head: &'static str, tail: &str, rows: usize, columns: usize) -> &'static str {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    texts.entry((head, rows)).or_insert_with(|| {
        let row = |row: usize| {
            let binds: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
            format!("({})", binds.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("{head} VALUES {} {tail}", rows.join(", ")).leak()
    })
}
