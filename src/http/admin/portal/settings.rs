//! What this server was started with. It is changed where it is given, file or environment, and by a restart.

use super::desk::{Desk, Frame};
use super::turned::Answer;
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
    let rows = desk.app.config.told().into_iter().map(|told| Row {
        name: told.listed.name,
        about: told.listed.about,
        environment: format!("COUNTERSIGN_{}", told.listed.environment()),
        value: told.value.unwrap_or_default(),
        from: told.from.unwrap_or_default(),
    });
    let rows = rows.collect();
    desk.show(&SettingsPage { frame: desk.frame("settings", "Settings"), rows })
}
