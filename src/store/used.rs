//! What may be used once: a key names its kind and its owner first, and is kept until the thing itself has expired.

use super::error::StoreError;
use super::sql::{On, sql};
use crate::domain::time::Time;

/// `true` for the one caller that came first.
pub async fn spend(on: impl Into<On<'_>>, key: &str, ends_at: Time) -> Result<bool, StoreError> {
    // Lost in a power cut, it lets something of the last second come again: nothing a flush on every request would be worth.
    let spent = sql("INSERT INTO used (key, ends_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING").relaxed();
    Ok(spent.bind(key).bind(ends_at).execute(on).await? == 1)
}

pub async fn forget_ended(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM used WHERE ends_at <= $1").relaxed().bind(before).execute(on).await
}
