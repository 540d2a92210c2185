//! Files of people: sent, followed while they are read, and told line by line. The same spool as the API's: a file is written down
//! as it comes, however large.

use super::cut;
use super::desk::{Desk, Frame};
use super::turned::{Answer, Turned};
use super::written::moment;
use crate::domain::import::{Became, Format, Import, Said, State};
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::import::spool::{self, Refused};
use crate::flows::manage::import::{self, Asked};
use crate::http::urls;
use askama::Template;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

const PAGE: usize = 50;
/// Lines of one import on a page.
const LINES: usize = 200;
/// A field that is no file holds a word.
const LONGEST_WORD: usize = 64;

#[derive(Template)]
#[template(path = "admin/imports.html")]
struct ImportsPage {
    frame: Frame,
    rows: Vec<Row>,
    more: Option<String>,
    may_create: bool,
}

struct Row {
    href: String,
    format: &'static str,
    at: String,
    stands: String,
    dry_run: bool,
}

pub async fn list(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Imports)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let place = cut::after(&query);
    let mut found =
        import::list(&desk.app, place.as_ref().map(|(at, id)| (*at, id.as_str())), cut::wanted(PAGE)).await?;
    let last = cut::cut(&mut found, PAGE).map(|last| cut::place(last.started_at, &last.id));
    let row = |import: &Import| Row {
        href: urls::portal_one("imports", &import.id),
        format: import.format.as_str(),
        at: moment(import.started_at),
        stands: stands(import),
        dry_run: import.dry_run,
    };
    desk.show(&ImportsPage {
        frame: desk.frame("imports", "Imports"),
        rows: found.iter().map(row).collect(),
        more: last.map(|after| format!("{}?after={after}", urls::PORTAL_IMPORTS)),
        may_create: desk.may(Verb::Create, Subject::Imports),
    })
}

fn stands(import: &Import) -> String {
    let Import { made, present, wrong, .. } = import;
    match import.state {
        State::Running => format!("{} % read", percent(import)),
        State::Failed => "failed".to_owned(),
        State::Done => format!("{made} made, {present} here already, {wrong} not brought in"),
    }
}

fn percent(import: &Import) -> i64 {
    import.position.saturating_mul(100) / import.size.max(1)
}

#[derive(Template)]
#[template(path = "admin/import_new.html")]
struct NewPage {
    frame: Frame,
    formats: Vec<(&'static str, &'static str)>,
    format: String,
    dry_run: bool,
    trust_unverified: bool,
    wrong: Option<&'static str>,
}

fn called(format: Format) -> &'static str {
    match format {
        Format::Csv => "CSV of your own",
        Format::Firebase => "Firebase",
        Format::Auth0 => "Auth0",
        Format::Supabase => "Supabase",
        Format::Kinde => "Kinde",
        Format::Logto => "Logto",
    }
}

/// What stood before the file: a browser sends fields in their order.
#[derive(Default)]
struct Sent {
    format: String,
    dry_run: bool,
    trust_unverified: bool,
}

pub async fn new(desk: Desk) -> Answer {
    desk.admit(Verb::Create, Subject::Imports)?;
    ask(&desk, StatusCode::OK, &Sent { dry_run: true, ..Sent::default() }, None)
}

fn ask(desk: &Desk, status: StatusCode, sent: &Sent, wrong: Option<&'static str>) -> Answer {
    let page = NewPage {
        frame: desk.frame("imports", "Bring people in"),
        formats: Format::ALL.into_iter().map(|format| (format.as_str(), called(format))).collect(),
        format: sent.format.clone(),
        dry_run: sent.dry_run,
        trust_unverified: sent.trust_unverified,
        wrong,
    };
    desk.show_as(status, &page)
}

pub async fn create(desk: Desk, form: Result<Multipart, MultipartRejection>) -> Answer {
    let by = desk.admit(Verb::Create, Subject::Imports)?;
    let mut sent = Sent::default();
    let unreadable = "The file stopped in the middle, or the form cannot be read. Send it again.";
    let Ok(mut form) = form else { return ask(&desk, StatusCode::BAD_REQUEST, &sent, Some(unreadable)) };
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(_) => return ask(&desk, StatusCode::BAD_REQUEST, &sent, Some(unreadable)),
        };
        match field.name().unwrap_or_default() {
            "format" => sent.format = word(field).await,
            "dry_run" => sent.dry_run = word(field).await == "true",
            "trust_unverified" => sent.trust_unverified = word(field).await == "true",
            "file" if field.file_name().is_some_and(|name| !name.is_empty()) => {
                let Some(format) = Format::parse(&sent.format) else {
                    return ask(&desk, StatusCode::UNPROCESSABLE_ENTITY, &sent, Some("Choose whose file it is."));
                };
                let Sent { dry_run, trust_unverified, .. } = sent;
                let asked = Asked { format, trust_unverified, dry_run, resume: false };
                return match spool::take(&desk.app, by, asked, Box::pin(field)).await? {
                    Ok(import) => Ok(Redirect::to(&urls::portal_one("imports", &import.id)).into_response()),
                    Err(Refused::TooLarge) => {
                        let told = "The file is larger than 2 GB. Send it in parts.";
                        ask(&desk, StatusCode::PAYLOAD_TOO_LARGE, &sent, Some(told))
                    }
                    Err(Refused::Torn) => ask(&desk, StatusCode::BAD_REQUEST, &sent, Some(unreadable)),
                };
            }
            _ => {}
        }
    }
    ask(&desk, StatusCode::UNPROCESSABLE_ENTITY, &sent, Some("Choose a file."))
}

/// A word, and of anything longer nothing: the form may be as large as a file.
async fn word(mut field: Field<'_>) -> String {
    let mut text = Vec::new();
    while let Ok(Some(piece)) = field.chunk().await {
        text.extend_from_slice(&piece);
        if text.len() > LONGEST_WORD {
            return String::new();
        }
    }
    String::from_utf8(text).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    frame: Frame,
    here: String,
    format: &'static str,
    at: String,
    stands: String,
    running: bool,
    failed: bool,
    percent: i64,
    dry_run: bool,
    trust_unverified: bool,
    detail: String,
    rows: Vec<Line>,
    more: Option<String>,
}

struct Line {
    line: i64,
    became: &'static str,
    detail: String,
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Imports)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let after = query.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let import = import::find(&desk.app, &id).await?.ok_or(Turned::NotFound)?;
    let mut lines = import::lines(&desk.app, &id, after, cut::wanted(LINES)).await?.unwrap_or_default();
    let here = urls::portal_one("imports", &id);
    let last = cut::cut(&mut lines, LINES).map(|last| last.line);
    desk.show(&ImportPage {
        frame: desk.frame("imports", called(import.format)),
        format: import.format.as_str(),
        at: moment(import.started_at),
        stands: stands(&import),
        running: import.state == State::Running,
        failed: import.state == State::Failed,
        percent: percent(&import),
        dry_run: import.dry_run,
        trust_unverified: import.trust_unverified,
        detail: import.detail.unwrap_or_default(),
        rows: lines.into_iter().map(line).collect(),
        more: last.map(|last| format!("{here}?after={last}")),
        here,
    })
}

fn line(said: Said) -> Line {
    let became = match said.became {
        Became::Made => "made",
        Became::Present => "here already",
        Became::Wrong => "not brought in",
    };
    Line { line: said.line, became, detail: said.detail }
}
