//! Moments and counts as the portal writes them: moments in UTC, and said so; counts with their thousands apart.

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

/// `8 s`, `1 min 20 s`, `2 h 5 min`
pub fn span(span: std::time::Duration) -> String {
    let secs = (span.as_millis() + 500) / 1000;
    match (secs / 3600, secs / 60 % 60, secs % 60) {
        (0, 0, secs) => format!("{secs} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, secs) => format!("{minutes} min {secs} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A day as a form writes it, `2026-01-31`: its first moment in UTC.
pub fn day(text: &str) -> Option<Time> {
    let midnight = OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339).ok()?;
    Some(Time::from_secs(midnight.unix_timestamp()))
}

/// Where the day after begins.
pub fn next_day(day: Time) -> Time {
    day.plus(std::time::Duration::from_secs(24 * 60 * 60))
}

pub mod filters {
    /// `5999` as `5,999`.
    #[askama::filter_fn]
    pub fn grouped(count: &i64, _: &dyn askama::Values) -> askama::Result<String> {
        let digits = count.unsigned_abs().to_string();
        let mut written = if *count < 0 { "-".to_owned() } else { String::new() };
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                written.push(',');
            }
            written.push(digit);
        }
        Ok(written)
    }
}
