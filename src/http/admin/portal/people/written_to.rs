//! Who is written to: somebody invited by a link, and a number or address that had told a sender to stop.

use crate::domain::client::Client;
use crate::domain::declaration::Mistake;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::invitations::{Asked, invite};
use crate::flows::manage::opt_outs;
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::turned::Answer;
use crate::http::admin::portal::typed::{kept, of_form};
use crate::http::pages::Fields;
use askama::Template;
use axum::http::StatusCode;
use std::sync::Arc;

#[derive(Default)]
struct Typed {
    email: String,
    client: String,
    organization: String,
    roles: String,
    given_name: String,
    family_name: String,
    to: String,
}

#[derive(Template)]
#[template(path = "admin/written_to.html")]
struct WrittenToPage {
    frame: Frame,
    clients: Vec<(String, String)>,
    typed: Typed,
    wrong: Vec<Mistake>,
    /// Told this once.
    link: Option<String>,
    done: Option<String>,
    may_invite: bool,
    may_allow: bool,
}

impl WrittenToPage {
    fn of(desk: &Desk) -> Self {
        let live = desk.app.live();
        // Others have nowhere to lead an invited person to.
        let leads = |client: &&Arc<Client>| client.initiate_login_uri.is_some() || client.client_uri.is_some();
        let clients = live.catalog.clients.values().filter(leads);
        let mut clients: Vec<(String, String)> =
            clients.map(|client| (client.id.as_str().to_owned(), client.name.clone())).collect();
        clients.sort();
        Self {
            frame: desk.frame("people", "Invite, and write again"),
            clients,
            typed: Typed::default(),
            wrong: Vec::new(),
            link: None,
            done: None,
            may_invite: desk.may(Verb::Create, Subject::Invitations),
            may_allow: desk.may(Verb::Delete, Subject::OptOuts),
        }
    }

    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.what.as_str())
    }
}

pub async fn show(desk: Desk) -> Answer {
    desk.admit(Verb::Create, Subject::Invitations)?;
    desk.show(&WrittenToPage::of(&desk))
}

pub async fn send(desk: Desk, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Create, Subject::Invitations)?;
    let field = |name: &str| of_form(&sent, name);
    let typed = Typed {
        email: field("email"),
        client: field("client"),
        organization: field("organization"),
        roles: field("roles"),
        given_name: field("given_name"),
        family_name: field("family_name"),
        to: String::new(),
    };
    let own = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let (organization, given, family) = (own(&typed.organization), own(&typed.given_name), own(&typed.family_name));
    let roles: Vec<String> =
        typed.roles.split(',').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect();
    let asked = Asked {
        email: &typed.email,
        client: &typed.client,
        organization: organization.as_deref(),
        roles: &roles,
        given_name: given.as_deref(),
        family_name: family.as_deref(),
    };
    let page = WrittenToPage::of(&desk);
    match invite(&desk.app, by, &asked).await? {
        Ok(link) => desk.show_as(StatusCode::CREATED, &WrittenToPage { link: Some(link), ..page }),
        Err(wrong) => {
            let Typed { email, client, organization, roles, given_name, family_name, to } = typed;
            let typed = Typed {
                email: kept(&email),
                client: kept(&client),
                organization: kept(&organization),
                roles: kept(&roles),
                given_name: kept(&given_name),
                family_name: kept(&family_name),
                to,
            };
            desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, &WrittenToPage { typed, wrong, ..page })
        }
    }
}

pub async fn allow(desk: Desk, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Delete, Subject::OptOuts)?;
    let to = of_form(&sent, "to");
    let page = WrittenToPage::of(&desk);
    let Some(identifier) = Identifier::read(&to) else {
        let wrong = vec![Mistake::of("to", "A number with + and country code, or an e-mail address.")];
        let typed = Typed { to: kept(&to), ..Typed::default() };
        return desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, &WrittenToPage { typed, wrong, ..page });
    };
    let done = match opt_outs::allow(&desk.app, by, &identifier).await? {
        0 => "It had told nobody to stop.".to_owned(),
        1 => "One channel is open to it again.".to_owned(),
        channels => format!("{channels} channels are open to it again."),
    };
    desk.show(&WrittenToPage { done: Some(done), ..page })
}
