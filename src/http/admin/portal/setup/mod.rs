//! Where things are set up: what goes around the forms. Carriers with what to fetch where, and whether it is right; connections with
//! what they would do; applications with programs to copy, their secrets, and how their pages look.

pub mod carriers;
pub mod connect;
pub mod connections;
pub mod guides;
pub mod looks;
pub mod secrets;
pub mod trial;
pub mod typed;

use super::desk::Desk;
use crate::domain::carrier::Carrier;
use crate::domain::declaration::Noun;
use crate::domain::delivery::Channel;
use crate::domain::management::{Subject, Verb};
use crate::http::urls;

/// What the lists of a form may name: a connection's carriers, an application's connections.
pub fn nameable(desk: &Desk, noun: Noun) -> Vec<(String, String)> {
    let live = desk.app.live();
    let words = |channels: &[Channel]| channels.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
    match noun {
        Noun::Connection => {
            let carried = |carrier: &Carrier| {
                words(&Channel::ALL.into_iter().filter(|one| carrier.kind.carries(*one)).collect::<Vec<_>>())
            };
            let all = live.catalog.carriers.iter().map(|sealed| &sealed.carrier);
            all.map(|carrier| (carrier.name.clone(), carried(carrier))).collect()
        }
        Noun::Client => live.catalog.connections.iter().map(|one| (one.name.clone(), words(&one.ladder))).collect(),
        _ => Vec::new(),
    }
}

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
