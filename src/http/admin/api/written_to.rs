//! Who is written to: people invited by a link, and numbers and addresses that had told a sender to stop.

use super::Answer;
use super::caller::admit;
use super::declared::read;
use super::page::shown;
use super::problem::{unknown, wrong};
use crate::app::App;
use crate::domain::declaration::read_fields;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::invitations::{self, Asked};
use crate::flows::manage::opt_outs;
use crate::http::address::Address;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

/// As it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invited {
    email: String,
    client: String,
    organization: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    given_name: Option<String>,
    family_name: Option<String>,
}

/// A link that signs one address up, told this once.
pub async fn invite(State(app): State<App>, address: Address, parts: Parts, body: Bytes) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Create, Subject::Invitations).await?;
    let answered = async {
        let body = match read(&parts.headers, &body) {
            Ok(body) => body,
            Err(problem) => return Ok(problem.into_response()),
        };
        let invited: Invited = match read_fields(body) {
            Ok(invited) => invited,
            Err(mistakes) => return Ok(wrong(&mistakes).into_response()),
        };
        let asked = Asked {
            email: &invited.email,
            client: &invited.client,
            organization: invited.organization.as_deref(),
            roles: &invited.roles,
            given_name: invited.given_name.as_deref(),
            family_name: invited.family_name.as_deref(),
        };
        Ok(match invitations::invite(&app, &admitted.by, &asked).await? {
            Ok(link) => (StatusCode::CREATED, shown(json!({ "link": link }))).into_response(),
            Err(mistakes) => wrong(&mistakes).into_response(),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}

/// Written to again: only when its owner asks for it.
pub async fn allow(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Delete, Subject::OptOuts).await?;
    let answered = async {
        let Some(to) = Identifier::read(&id) else { return Ok(unknown().into_response()) };
        Ok(match opt_outs::allow(&app, &admitted.by, &to).await? {
            0 => unknown().into_response(),
            channels => shown(json!({ "channels": channels })),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}
