//! People: looked for, made, and one of them with all there is to know and to do.

mod acts;
mod person;
pub mod written_to;

pub use acts::{add_identifier, block, copy, erase, merge, remove_identifier, sign_out};
pub use person::{erasing, show};

use super::cut;
use super::desk::{Desk, Frame};
use super::turned::{Answer, Turned};
use super::typed::{kept, of_form, of_query};
use super::written::moment;
use crate::domain::declaration::Mistake;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::params::Params;
use crate::domain::standard::words;
use crate::domain::subject::Subject;
use crate::flows::manage::accounts::{self, Outcome, Refused, Search};
use crate::http::pages::Fields;
use crate::http::urls;
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde_json::{Value, json};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "admin/people.html")]
struct PeoplePage {
    frame: Frame,
    q: String,
    blocked: String,
    rows: Vec<Row>,
    more: Option<String>,
    may_create: bool,
    whole: bool,
    done: Option<&'static str>,
}

struct Row {
    id: String,
    href: String,
    identifiers: Vec<String>,
    name: String,
    blocked: bool,
    since: String,
}

#[derive(Template)]
#[template(path = "admin/person_new.html")]
struct NewPage {
    frame: Frame,
    identifiers: String,
    name: String,
    given_name: String,
    family_name: String,
    organization: String,
    roles: String,
    wrong: Vec<(String, String)>,
}

impl NewPage {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| name == field).map(|(_, what)| what.as_str())
    }
}

pub fn shown(desk: &Desk, identifier: &Identifier) -> String {
    if desk.role().sees_identifiers() { identifier.shown() } else { identifier.to_string() }
}

pub fn name(subject: &Subject) -> String {
    let of = &subject.profile;
    let parts = || [&of.given_name, &of.family_name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    of.name.clone().unwrap_or_else(parts)
}

pub async fn list(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Of::People)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let (q, blocked) = (of_query(&query, "q"), of_query(&query, "blocked"));
    let only = match blocked.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let place = cut::after(&query);
    let place = place.as_ref().map(|(at, id)| (*at, id.as_str()));
    let search = Search { text: &q, blocked: only };
    let mut people = accounts::list(&desk.app, search, place, cut::wanted(PAGE)).await?;
    let last = cut::cut(&mut people, PAGE).map(|last| cut::place(last.created_at, last.id.as_str()));
    if !desk.role().sees_identifiers() && !q.is_empty() {
        people.retain(|subject| fair(&q, subject));
    }
    desk.show(&PeoplePage {
        frame: desk.frame("people", "People"),
        more: last
            .map(|after| format!("/admin/people?{}", query.without(&["after", "done"]).with("after", after).encoded())),
        q: kept(&q),
        blocked,
        rows: people.iter().map(|subject| row(&desk, subject)).collect(),
        may_create: desk.may(Verb::Create, Of::People),
        whole: desk.role().sees_identifiers(),
        done: (query.get("done") == Some("erased")).then_some("Forgotten."),
    })
}

fn row(desk: &Desk, subject: &Subject) -> Row {
    Row {
        id: subject.id.as_str().to_owned(),
        href: urls::portal_one("people", subject.id.as_str()),
        identifiers: subject.identifiers.iter().map(|one| shown(desk, one)).collect(),
        name: name(subject),
        blocked: subject.blocked,
        since: moment(subject.created_at),
    }
}

/// Whoever sees identifiers masked must not find one out by asking digit after digit: only a whole one, an id or a name finds.
fn fair(text: &str, subject: &Subject) -> bool {
    if subject.id.as_str() == text {
        return true;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bare = digits.trim_start_matches('0');
    let whole = |one: &Identifier| match one.kind() {
        // The country may be left out, and the zero before the number in its place.
        Kind::Phone => bare.len() >= 6 && bare.len() + 4 >= one.reveal().len() && one.reveal().ends_with(bare),
        Kind::Email => text.to_lowercase().contains(one.reveal()),
    };
    let named = subject.profile.words();
    // An address asked for is no name.
    let asked = if text.contains('@') { Vec::new() } else { words(text) };
    subject.identifiers.iter().any(whole)
        || !asked.is_empty() && asked.iter().all(|word| named.iter().any(|own| own.starts_with(word.as_str())))
}

pub async fn new(desk: Desk) -> Answer {
    desk.admit(Verb::Create, Of::People)?;
    draw(&desk, StatusCode::OK, None, Vec::new())
}

pub async fn create(desk: Desk, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Create, Of::People)?;
    let text = |name: &str| of_form(&sent, name);
    let identifiers: Vec<String> =
        text("identifiers").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let mut profile = json!({});
    for field in ["name", "given_name", "family_name"] {
        if !text(field).is_empty() {
            profile[field] = Value::String(text(field));
        }
    }
    let mut body = json!({ "identifiers": identifiers, "profile": profile });
    if !text("organization").is_empty() {
        let roles = text("roles");
        let roles: Vec<&str> = roles.split([',', ' ']).filter(|role| !role.is_empty()).collect();
        body["organization"] = json!([{ "code": text("organization"), "roles": roles }]);
    }
    match accounts::create(&desk.app, by, body, None).await? {
        Outcome::Made(subject) | Outcome::Done(subject) => {
            Ok(Redirect::to(&format!("{}?done=made", urls::portal_one("people", subject.id.as_str()))).into_response())
        }
        Outcome::Wrong(mistakes) => draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, Some(&sent), mistakes),
        Outcome::Refused(Refused::Taken(..)) => {
            let taken = Mistake::of("identifiers", "somebody has one of these");
            draw(&desk, StatusCode::CONFLICT, Some(&sent), vec![taken])
        }
        _ => Err(Turned::NotFound),
    }
}

fn draw(desk: &Desk, status: StatusCode, sent: Option<&Fields>, mistakes: Vec<Mistake>) -> Answer {
    let text = |name: &str| sent.map(|sent| kept(&of_form(sent, name))).unwrap_or_default();
    // A mistake of a part stands at the field it was typed into.
    let field = |mistake: &Mistake| {
        let last =
            mistake.field.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default().to_owned();
        if last == "code" { "organization".to_owned() } else { last }
    };
    desk.show_as(
        status,
        &NewPage {
            frame: desk.frame("people", "New person"),
            identifiers: text("identifiers"),
            name: text("name"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            organization: text("organization"),
            roles: text("roles"),
            wrong: mistakes.into_iter().map(|mistake| (field(&mistake), mistake.what)).collect(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SubjectId;
    use crate::domain::standard::StandardClaims;
    use crate::domain::time::Time;

    #[test]
    fn who_sees_no_identifiers_finds_whole_ones_and_names_alone() {
        let subject = Subject {
            id: SubjectId::new("kp_1"),
            created_at: Time(0),
            updated_at: Time(0),
            blocked: false,
            identifiers: vec![
                Identifier::phone("+2348031234567", None).expect("a number"),
                Identifier::email("ada@shop.example").expect("an address"),
            ],
            profile: StandardClaims { name: Some("Ada Obi".into()), ..StandardClaims::default() },
            memberships: Vec::new(),
        };
        for whole in ["kp_1", "+234 803 123 4567", "0803 123 4567", "Ada@Shop.example", "obi", "ada ob"] {
            assert!(fair(whole, &subject), "{whole}");
        }
        for part in ["+234803", "00234", "2348", "a@", "ada@sh", "shop", "4567", "67"] {
            assert!(!fair(part, &subject), "{part}");
        }
    }
}
