//! What somebody may use once: spent by a conditional statement, and remembered until it would have expired by itself.

use super::Fault;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::time::Time;
use crate::store;

/// `true` the first time. `kind` keeps apart what one owner uses for different ends; what clients send stands in the key only as
/// a hash, whatever its length.
pub async fn spend(app: &App, kind: &'static str, owner: &str, value: &str, ends_at: Time) -> Result<bool, Fault> {
    // Lengths in front, so that no two owners and values spell the same text.
    let key = format!("{kind} {}", sha256_hex(&format!("{} {owner} {value}", owner.len())));
    Ok(store::used::spend(&app.db, &key, ends_at).await?)
}
