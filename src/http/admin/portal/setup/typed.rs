//! Secrets that were typed into a form that comes back: sealed for whoever typed them, for an hour, so that nobody types a key twice
//! and no page shows one.

use crate::app::App;
use crate::domain::audit::By;
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::http::admin::portal::form::{Group, Shape};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;

const KEPT: Duration = Duration::from_secs(60 * 60);

fn secrets(groups: &[Group]) -> impl Iterator<Item = &'static str> + '_ {
    let fields = groups.iter().flat_map(|group| group.fields);
    fields.filter(|field| matches!(field.shape, Shape::Secret)).map(|field| field.name)
}

fn label(by: &By, name: &str) -> String {
    format!("typed {name} by {}", by.actor)
}

fn sealed_name(name: &str) -> String {
    format!("{name}.typed")
}

/// What was posted, with what was typed before where nothing was typed now.
pub fn opened(app: &App, by: &By, groups: &[Group], sent: Params) -> Params {
    let open = |name: &str| {
        let sealed = URL_SAFE_NO_PAD.decode(sent.get(&sealed_name(name))?).ok()?;
        let opened = app.secret.seal.open(&label(by, name), &sealed).ok()?;
        let text = String::from_utf8(opened.to_vec()).ok()?;
        let (until, secret) = text.split_once(' ')?;
        (app.now() < Time::from_secs(until.parse().ok()?)).then(|| secret.to_owned())
    };
    let again: Vec<(&str, String)> =
        secrets(groups).filter(|name| sent.get(name).is_none()).filter_map(|name| Some((name, open(name)?))).collect();
    again.into_iter().fold(sent, |sent, (name, secret)| sent.with(name, secret))
}

/// What the form is drawn again from.
pub fn kept(app: &App, by: &By, groups: &[Group], sent: Params) -> Params {
    let until = app.now().plus(KEPT).secs();
    let seal = |name: &str| {
        let text = format!("{until} {}", sent.get(name)?);
        let sealed = app.secret.seal.close(&label(by, name), text.as_bytes()).ok()?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    };
    let sealed: Vec<(String, String)> =
        secrets(groups).filter_map(|name| Some((sealed_name(name), seal(name)?))).collect();
    let names: Vec<&str> = sealed.iter().map(|(name, _)| name.as_str()).collect();
    let sent = sent.without(&names);
    sealed.into_iter().fold(sent, |sent, (name, sealed)| sent.with(&name, sealed))
}
