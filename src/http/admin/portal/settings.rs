//! What this server was started with. It is changed where it is given, file or environment, and by a restart.

use super::desk::{Desk, Frame};
use super::turned::Answer;
use crate::config;
use crate::domain::management::{Subject, Verb};
use askama::Template;

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    name: &'static str,
    about: &'static str,
    value: String,
    /// Where it was given; empty where it is as usual.
    from: String,
    environment: String,
}

pub async fn show(desk: Desk) -> Answer {
    desk.admit(Verb::Read, Subject::Settings)?;
    let given = &desk.app.config.given;
    let row = |listed: &'static config::Listed| {
        let own = given.iter().find(|(name, _, _)| name == listed.name);
        Row {
            name: listed.name,
            about: listed.about,
            value: own.map_or_else(|| listed.default.unwrap_or_default().to_owned(), |(_, text, _)| text.clone()),
            from: own.map(|(_, _, from)| from.clone()).unwrap_or_default(),
            environment: format!("COUNTERSIGN_{}", listed.environment()),
        }
    };
    let rows = config::list().map(row).collect();
    desk.show(&SettingsPage { frame: desk.frame("settings", "Settings"), rows })
}
