//! What operators do to a person. Each act is one flow; where it is refused the person's page says why, and nothing was changed.

use super::super::audit::download;
use super::super::desk::Desk;
use super::super::turned::{Answer, Turned};
use super::super::typed::{kept, of_form};
use super::person::{Said, draw, draw_erasing, operates};
use crate::domain::audit::By;
use crate::domain::management::{Subject as Of, Verb};
use crate::flows::manage::accounts::{self, Outcome, Refused};
use crate::http::pages::Fields;
use crate::http::urls;
use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde_json::json;

/// Lets them do it. To somebody who operates only those may do anything who may change operators: with a number of their own
/// added to an owner's account an admin would be that owner.
async fn admit<'a>(desk: &'a Desk, verb: Verb, id: &str) -> Result<&'a By, Turned> {
    let by = desk.admit(verb, Of::People)?;
    if operates(desk, id).await?.is_some() && !desk.may(Verb::Update, Of::Operators) {
        return Err(Turned::NotAllowed { role: desk.role() });
    }
    Ok(by)
}

/// Back to the person; or to their page with what stands in the way, beside the field it was typed into.
async fn answer(desk: &Desk, id: &str, outcome: Outcome, done: &str, field: &'static str, typed: &str) -> Answer {
    match outcome {
        Outcome::Done(_) | Outcome::Made(_) => {
            Ok(Redirect::to(&format!("{}?done={done}", urls::portal_one("people", id))).into_response())
        }
        Outcome::Wrong(mistakes) => {
            let what = mistakes.first().map(|mistake| mistake.what.clone()).unwrap_or_default();
            let said = Said { wrong: Some((field, what, kept(typed))), ..Said::default() };
            draw(desk, StatusCode::UNPROCESSABLE_ENTITY, id, said).await
        }
        Outcome::Refused(refused) => {
            let said = Said { refused: Some(why(&refused)), ..Said::default() };
            draw(desk, StatusCode::CONFLICT, id, said).await
        }
        _ => Err(Turned::NotFound),
    }
}

fn why(refused: &Refused) -> &'static str {
    match refused {
        Refused::Taken(..) => "Somebody else has this number or address. If both are one person, make them one below.",
        Refused::Last => "It is the only one: without it nobody could sign in to the account. Add another first.",
        Refused::Unproven => {
            "There is no proof that both are one person. Let them sign in with both, in one browser, within fifteen minutes; then try again."
        }
        Refused::Blocked => "One of the two is blocked. Let them in again first.",
        Refused::Operates => "They operate this service. Nothing was changed.",
        Refused::LastOwner => {
            "This is the last owner: nobody would be left to let others in. Make somebody else an owner first."
        }
    }
}

pub async fn block(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = admit(&desk, Verb::Update, &id).await?;
    let blocked = match sent.get("blocked") {
        "true" => true,
        "false" => false,
        _ => {
            let said = Said { refused: Some("It was not said whether to block or to let in."), ..Said::default() };
            return draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, &id, said).await;
        }
    };
    let outcome = accounts::change(&desk.app, by, &id, json!({ "blocked": blocked })).await?;
    answer(&desk, &id, outcome, if blocked { "blocked" } else { "let-in" }, "", "").await
}

pub async fn sign_out(desk: Desk, Path(id): Path<String>) -> Answer {
    let by = admit(&desk, Verb::Update, &id).await?;
    accounts::end_sessions(&desk.app, by, &id).await?.ok_or(Turned::NotFound)?;
    Ok(Redirect::to(&format!("{}?done=signed-out", urls::portal_one("people", &id))).into_response())
}

pub async fn add_identifier(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = admit(&desk, Verb::Create, &id).await?;
    let typed = of_form(&sent, "identifier");
    let outcome = accounts::add_identifier(&desk.app, by, &id, &typed).await?;
    answer(&desk, &id, outcome, "added", "identifier", &typed).await
}

pub async fn remove_identifier(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = admit(&desk, Verb::Delete, &id).await?;
    let outcome = accounts::remove_identifier(&desk.app, by, &id, &of_form(&sent, "identifier")).await?;
    answer(&desk, &id, outcome, "removed", "", "").await
}

pub async fn merge(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let from = of_form(&sent, "from");
    let by = admit(&desk, Verb::Delete, &id).await?;
    admit(&desk, Verb::Delete, &from).await?;
    let outcome = accounts::merge(&desk.app, by, &id, &from).await?;
    answer(&desk, &id, outcome, "merged", "from", &from).await
}

/// All that is known of them, for them to have.
pub async fn copy(desk: Desk, Path(id): Path<String>) -> Answer {
    desk.admit(Verb::Read, Of::People)?;
    if !desk.role().sees_identifiers() {
        return Err(Turned::NotAllowed { role: desk.role() });
    }
    let copy = accounts::copy(&desk.app, &id).await?.ok_or(Turned::NotFound)?;
    let text = serde_json::to_string_pretty(&copy).map_err(|error| Turned::Broken(error.to_string()))?;
    Ok(download("person.json", "application/json", Body::from(text)))
}

pub async fn erase(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = admit(&desk, Verb::Delete, &id).await?;
    if of_form(&sent, "word") != "forget" {
        return draw_erasing(&desk, StatusCode::UNPROCESSABLE_ENTITY, &id, true, None).await;
    }
    match accounts::erase(&desk.app, by, &id).await? {
        Outcome::Gone => Ok(Redirect::to("/admin/people?done=erased").into_response()),
        Outcome::Refused(refused) => draw_erasing(&desk, StatusCode::CONFLICT, &id, false, Some(why(&refused))).await,
        _ => Err(Turned::NotFound),
    }
}
