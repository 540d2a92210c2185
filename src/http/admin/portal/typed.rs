//! What somebody typed into a form of the portal, made safe to look for and to show again.

use crate::domain::params::Params;
use crate::http::pages::Fields;

/// Longer texts are not shown again: no honest one is so long.
const LONGEST: usize = 1_000;

/// Without spaces around it, and without zero bytes, which PostgreSQL takes in no text.
pub fn clean(text: &str) -> String {
    text.replace('\0', "").trim().to_owned()
}

pub fn of_query(query: &Params, name: &str) -> String {
    clean(query.get(name).unwrap_or_default())
}

pub fn of_form(sent: &Fields, name: &str) -> String {
    clean(sent.get(name))
}

/// As it stands in the field again.
pub fn kept(text: &str) -> String {
    if text.len() > LONGEST { String::new() } else { text.to_owned() }
}
