//! Where things are set up: what goes around the forms. Carriers with what to fetch where, and whether it is right; connections with
//! what they would do; applications with programs to copy, their secrets, and how their pages look.

pub mod carriers;
pub mod connect;
pub mod connections;
pub mod gallery;
pub mod guides;
pub mod looks;
pub mod secrets;
pub mod trial;
pub mod typed;
pub mod wording;

use super::desk::Desk;
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::http::urls;

/// A page about one thing.
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub here: bool,
}

/// The pages about one thing that whoever asks may open. `here` is the last part of the path of the one they are at.
pub fn tabs(desk: &Desk, noun: Noun, name: &str, here: &str) -> Vec<Tab> {
    let read = desk.may(Verb::Read, Subject::Declared(noun));
    let pages: &[(&str, &str, bool)] = match noun {
        Noun::Client => &[
            ("", "Settings", read),
            ("connect", "Connect your app", read),
            ("secrets", "Secrets", desk.may(Verb::Create, Subject::ClientSecrets)),
            ("looks", "Looks", read),
        ],
        Noun::Connection => &[("", "Settings", read), ("preview", "Preview", read)],
        Noun::Carrier => &[("", "Settings", read), ("look", "Health and tests", read)],
        _ => &[],
    };
    let one = urls::portal_one(noun.plural(), name);
    let open = pages.iter().filter(|(_, _, may)| *may);
    let tab = |(path, label, _): &(&str, &'static str, bool)| {
        let href = if path.is_empty() { one.clone() } else { format!("{one}/{path}") };
        Tab { label, href, here: *path == here }
    };
    open.map(tab).collect()
}
