//! One person: what they sign in with, where they belong, what is open, what happened, and what can be done.

use super::super::desk::{Desk, Frame};
use super::super::sign_ins::state;
use super::super::turned::{Answer, Turned};
use super::super::written::moment;
use super::{name, shown};
use crate::domain::ids::SubjectId;
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::operator::Role;
use crate::domain::params::Params;
use crate::domain::subject::Subject;
use crate::flows::manage::sign_ins::{self, Filter};
use crate::flows::manage::{accounts, operators};
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;

/// How many sign-ins, sessions and grants stand on the page.
const MOST: usize = 15;

#[derive(Template)]
#[template(path = "admin/person.html")]
struct PersonPage {
    frame: Frame,
    id: String,
    here: String,
    name: String,
    blocked: bool,
    made: String,
    changed: String,
    operates: Option<Role>,
    identifiers: Vec<Line>,
    memberships: Vec<(String, String)>,
    sessions: Vec<[String; 3]>,
    grants: Vec<[String; 4]>,
    sign_ins: Vec<SignIn>,
    may: May,
    said: Said,
}

struct Line {
    kind: &'static str,
    shown: String,
    /// Whole, to be sent back; only for whoever sees it.
    value: Option<String>,
}

struct SignIn {
    href: String,
    at: String,
    client: String,
    state: &'static str,
}

/// What this operator may do to this person.
#[derive(Clone, Copy)]
struct May {
    change: bool,
    vouch: bool,
    copy: bool,
    erase: bool,
}

/// What became of what was asked last.
#[derive(Default)]
pub struct Said {
    pub done: Option<&'static str>,
    /// Why nothing was done.
    pub refused: Option<&'static str>,
    /// What is wrong with a field, and what was typed into it.
    pub wrong: Option<(&'static str, String, String)>,
}

impl Said {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrong.as_ref().filter(|(name, _, _)| *name == field).map(|(_, what, _)| what.as_str())
    }

    fn typed(&self, field: &str) -> &str {
        self.wrong.as_ref().filter(|(name, _, _)| *name == field).map_or("", |(_, _, typed)| typed.as_str())
    }
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Of::People)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let done = match query.get("done").unwrap_or_default() {
        "made" => Some("Made. They sign in with what you entered."),
        "blocked" => Some("Blocked, and signed out everywhere."),
        "let-in" => Some("Let in again."),
        "signed-out" => Some("Signed out everywhere."),
        "added" => Some("Added."),
        "removed" => Some("Taken away, and signed out everywhere."),
        "merged" => Some("The two accounts are one."),
        _ => None,
    };
    draw(&desk, StatusCode::OK, &id, Said { done, ..Said::default() }).await
}

/// Whether they operate: then only whoever may change operators may change them.
pub async fn operates(desk: &Desk, id: &str) -> Result<Option<Role>, Turned> {
    let all = operators::list(&desk.app).await?;
    Ok(all.into_iter().find(|one| one.subject == SubjectId::new(id)).map(|one| one.role))
}

pub async fn draw(desk: &Desk, status: StatusCode, id: &str, said: Said) -> Answer {
    let subject = accounts::find(&desk.app, id).await?.ok_or(Turned::NotFound)?;
    let operates = operates(desk, id).await?;
    let theirs = operates.is_none() || desk.may(Verb::Update, Of::Operators);
    let title = Some(name(&subject)).filter(|name| !name.is_empty());
    let title = title.or_else(|| subject.identifiers.first().map(|one| shown(desk, one)));
    desk.show_as(
        status,
        &PersonPage {
            frame: desk.frame("people", title.unwrap_or_else(|| id.to_owned())),
            id: id.to_owned(),
            here: urls::portal_one("people", id),
            name: name(&subject),
            blocked: subject.blocked,
            made: moment(subject.created_at),
            changed: moment(subject.updated_at),
            operates,
            identifiers: identifiers(desk, &subject),
            memberships: memberships(&subject),
            sessions: sessions(desk, id).await?,
            grants: grants(desk, id).await?,
            sign_ins: history(desk, id).await?,
            may: May {
                change: theirs && desk.may(Verb::Update, Of::People),
                vouch: theirs && desk.may(Verb::Create, Of::People),
                copy: desk.role().sees_identifiers(),
                erase: theirs && desk.may(Verb::Delete, Of::People),
            },
            said,
        },
    )
}

fn identifiers(desk: &Desk, subject: &Subject) -> Vec<Line> {
    let whole = desk.role().sees_identifiers();
    let line = |one: &crate::domain::identifier::Identifier| Line {
        kind: one.kind().as_str(),
        shown: shown(desk, one),
        value: whole.then(|| one.reveal().to_owned()),
    };
    subject.identifiers.iter().map(line).collect()
}

fn memberships(subject: &Subject) -> Vec<(String, String)> {
    let told = |one: &crate::domain::organization::Membership| {
        let what = one.roles.iter().chain(&one.permissions).cloned().collect::<Vec<_>>().join(", ");
        (one.organization.code.clone(), what)
    };
    subject.memberships.iter().map(told).collect()
}

async fn sessions(desk: &Desk, id: &str) -> Result<Vec<[String; 3]>, Turned> {
    let (now, all) = (desk.app.now(), accounts::sessions(&desk.app, id).await?.unwrap_or_default());
    let told = |session: &crate::domain::session::Session| {
        let state = match session.ended_at {
            Some(at) => format!("ended {}", moment(at)),
            None if session.live(now) => "open".to_owned(),
            None => "over".to_owned(),
        };
        [moment(session.auth_time), moment(session.expires_at), state]
    };
    Ok(all.iter().take(MOST).map(told).collect())
}

async fn grants(desk: &Desk, id: &str) -> Result<Vec<[String; 4]>, Turned> {
    let (now, all) = (desk.app.now(), accounts::grants(&desk.app, id).await?.unwrap_or_default());
    let told = |grant: &crate::domain::grant::Grant| {
        let state = match grant.revoked_at {
            Some(at) => format!("taken back {}", moment(at)),
            None if grant.expires_at > now => "holds".to_owned(),
            None => "over".to_owned(),
        };
        [grant.client_id.as_str().to_owned(), grant.scope.to_string(), moment(grant.created_at), state]
    };
    Ok(all.iter().take(MOST).map(told).collect())
}

async fn history(desk: &Desk, id: &str) -> Result<Vec<SignIn>, Turned> {
    let filter = Filter { subject: Some(id.to_owned()), ..Filter::default() };
    let found = sign_ins::list(&desk.app, &filter, None, MOST).await?;
    let told = |one: sign_ins::SignIn| SignIn {
        href: urls::portal_one("sign_ins", &one.id),
        at: moment(one.at),
        client: one.client,
        state: state(one.state),
    };
    Ok(found.sign_ins.into_iter().map(told).collect())
}

#[derive(Template)]
#[template(path = "admin/person_erase.html")]
struct ErasePage {
    frame: Frame,
    id: String,
    here: String,
    identifiers: Vec<String>,
    wrong: bool,
    refused: Option<&'static str>,
}

pub async fn erasing(desk: Desk, Path(id): Path<String>) -> Answer {
    desk.admit(Verb::Delete, Of::People)?;
    draw_erasing(&desk, StatusCode::OK, &id, false, None).await
}

pub async fn draw_erasing(
    desk: &Desk,
    status: StatusCode,
    id: &str,
    wrong: bool,
    refused: Option<&'static str>,
) -> Answer {
    let subject = accounts::find(&desk.app, id).await?.ok_or(Turned::NotFound)?;
    desk.show_as(
        status,
        &ErasePage {
            frame: desk.frame("people", "Forget somebody"),
            id: id.to_owned(),
            here: urls::portal_one("people", id),
            identifiers: subject.identifiers.iter().map(|one| shown(desk, one)).collect(),
            wrong,
            refused,
        },
    )
}
