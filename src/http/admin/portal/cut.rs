//! Long lists, a page at a time: one more is looked for than is shown, and where it is found the page leads on.

use super::typed::of_query;
use crate::domain::params::Params;
use crate::domain::time::Time;

/// How many to look for.
pub fn wanted(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1)
}

/// As many as a page holds; the last of them, where more follow.
pub fn cut<T>(found: &mut Vec<T>, most: usize) -> Option<&T> {
    let more = found.len() > most;
    found.truncate(most);
    found.last().filter(|_| more)
}

/// The moment and id after which a page begins, where `place` wrote them.
pub fn after(query: &Params) -> Option<(Time, String)> {
    let after = of_query(query, "after");
    let (at, id) = after.split_once('~')?;
    Some((Time(at.parse().ok()?), id.to_owned()))
}

/// Where the next page of what is listed by moment and id begins.
pub fn place(at: Time, id: &str) -> String {
    format!("{}~{id}", at.0)
}
