//! Signing keys: which there are, what each does now, and new ones.

use super::desk::{Desk, Frame};
use super::turned::Answer;
use super::written::moment;
use crate::domain::management::{Subject, Verb};
use crate::flows::keys;
use crate::http::urls;
use askama::Template;
use axum::response::{IntoResponse, Redirect};

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct KeysPage {
    frame: Frame,
    rows: Vec<Row>,
    may_rotate: bool,
}

struct Row {
    kid: String,
    algorithm: &'static str,
    does: String,
}

pub async fn show(desk: Desk) -> Answer {
    desk.admit(Verb::Read, Subject::Keys)?;
    let (live, now) = (desk.app.live(), desk.app.now());
    let row = |key: &keys::Published| Row {
        kid: key.kid.clone(),
        algorithm: key.algorithm.as_str(),
        does: match (key.signs_at > now, key.leaves_at) {
            (true, _) => format!("signs from {}", moment(key.signs_at)),
            (false, Some(leaves)) => format!("checks what it signed, until {}", moment(leaves)),
            (false, None) => "signs".to_owned(),
        },
    };
    let rows = keys::published(&live, now).iter().map(row).collect();
    let may_rotate = desk.may(Verb::Create, Subject::Keys);
    desk.show(&KeysPage { frame: desk.frame("keys", "Signing keys"), rows, may_rotate })
}

pub async fn rotate(desk: Desk) -> Answer {
    let by = desk.admit(Verb::Create, Subject::Keys)?;
    keys::rotate(&desk.app, by).await?;
    Ok(Redirect::to(urls::PORTAL_KEYS).into_response())
}
