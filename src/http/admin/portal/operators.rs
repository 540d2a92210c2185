//! Who operates: links that let others in, roles, and leaving.

use super::desk::{Desk, Frame};
use super::turned::{Answer, Turned};
use crate::domain::ids::SubjectId;
use crate::domain::management::{Subject, Verb};
use crate::domain::operator::Role;
use crate::flows::manage::accounts;
use crate::flows::manage::operators::{self, Changed};
use crate::http::pages::Fields;
use crate::http::urls;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

#[derive(Template)]
#[template(path = "admin/operators.html")]
struct OperatorsPage {
    frame: Frame,
    rows: Vec<Row>,
    roles: [Role; 4],
    may_change: bool,
    link: Option<String>,
    wrong: Option<&'static str>,
}

struct Row {
    id: String,
    who: String,
    role: Role,
    me: bool,
}

pub async fn list(desk: Desk) -> Answer {
    desk.admit(Verb::Read, Subject::Operators)?;
    draw(&desk, StatusCode::OK, None, None).await
}

/// A link is shown once, on the answer itself.
pub async fn invite(desk: Desk, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Create, Subject::Operators)?;
    let Some(role) = Role::parse(sent.get("role")) else {
        return draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, Some("Choose a role.")).await;
    };
    let link = operators::invite(&desk.app, by, role).await?;
    draw(&desk, StatusCode::CREATED, Some(link), None).await
}

pub async fn change(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Update, Subject::Operators)?;
    let Some(role) = Role::parse(sent.get("role")) else {
        return draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, Some("Choose a role.")).await;
    };
    let changed = operators::change_role(&desk.app, by, &SubjectId::new(id), role).await?;
    answer(&desk, changed).await
}

pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let by = desk.admit(Verb::Delete, Subject::Operators)?;
    let changed = operators::remove(&desk.app, by, &SubjectId::new(id)).await?;
    answer(&desk, changed).await
}

async fn answer(desk: &Desk, changed: Changed) -> Answer {
    match changed {
        Changed::Done => Ok(Redirect::to(urls::PORTAL_OPERATORS).into_response()),
        Changed::Unknown => Err(Turned::NotFound),
        Changed::LastOwner => {
            let wrong =
                "This is the last owner: nobody would be left to let others in. Make somebody else an owner first.";
            draw(desk, StatusCode::CONFLICT, None, Some(wrong)).await
        }
    }
}

async fn draw(desk: &Desk, status: StatusCode, link: Option<String>, wrong: Option<&'static str>) -> Answer {
    let mut rows = Vec::new();
    for operator in operators::list(&desk.app).await? {
        let person = accounts::find(&desk.app, operator.subject.as_str()).await?;
        let identifiers = person.iter().flat_map(|person| &person.identifiers);
        let who = identifiers.map(|one| if desk.role().sees_identifiers() { one.shown() } else { one.to_string() });
        let who = who.collect::<Vec<_>>().join(", ");
        let me = desk.seated.subject.as_ref() == Some(&operator.subject);
        rows.push(Row { id: operator.subject.to_string(), who, role: operator.role, me });
    }
    let page = OperatorsPage {
        frame: desk.frame("operators", "Operators"),
        rows,
        roles: Role::ALL,
        may_change: desk.may(Verb::Update, Subject::Operators),
        link,
        wrong,
    };
    desk.show_as(status, &page)
}
