//! Moments as the portal writes them: in UTC, and said so.

use crate::domain::time::Time;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `2026-01-31 12:34 UTC`
pub fn moment(at: Time) -> String {
    let written = rfc3339(at);
    format!("{} UTC", written.get(..16).unwrap_or_default().replace('T', " "))
}

/// For machines: `2026-01-31T12:34:56Z`.
pub fn rfc3339(at: Time) -> String {
    OffsetDateTime::from_unix_timestamp(at.secs()).ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}
